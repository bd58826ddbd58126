"""What is broken, for whom, and until when."""

import math
from typing import Any

import pytest

from tests.support.accounts import CHAT_PATH, GPT, KEY, MESSAGES, PRINCIPAL, Simulation, request
from twin.chance import Chance
from twin.messages import Lost
from twin.openai.faults import Fault, Faults
from twin.openai.settings import Behaviour, Deployment

CHAT = {"messages": MESSAGES}
OTHER = "/openai/deployments/other/chat/completions?api-version=1"


def broken(*faults: Fault, **settings: Any) -> Simulation:
    simulation = Simulation(GPT, Deployment("other", "gpt-4o", capacity=100), **settings)
    for fault in faults:
        simulation.account.faults.add(fault)
    return simulation


class TestEffects:
    def test_a_status_is_answered_in_place_of_everything(self):
        simulation = broken(Fault(status=503))
        for told in (simulation.chat(), simulation.ask("/nowhere"), simulation.ask(CHAT_PATH, CHAT, headers={})):
            assert told.error[:2] == (503, "ServiceUnavailable")
            assert "Retry-After" not in told.headers
            assert told.headers.get("x-ms-region") == "East US 2"

    @pytest.mark.parametrize(
        ("seconds", "whole", "milliseconds"), [(5, "5", "5000"), (0.25, "1", "250"), (86_400, "86400", "86400000")]
    )
    def test_a_status_brings_the_retry_after_that_was_asked_for(self, seconds: float, whole: str, milliseconds: str):
        headers = broken(Fault(status=429, retry_after=seconds)).chat().headers
        assert (headers.get("Retry-After"), headers.get("retry-after-ms")) == (whole, milliseconds)

    @pytest.mark.parametrize("status", [400, 408, 418, 499, 599])
    def test_a_status_that_azure_never_sends_has_an_error_body_too(self, status: int):
        assert broken(Fault(status=status)).chat().error[0] == status

    def test_latency_delays_answers_and_errors_alike(self):
        simulation = broken(Fault(latency=2.5))
        assert (simulation.chat().seconds, simulation.ask("/nowhere").seconds) == (2.5, 2.5)

    @pytest.mark.parametrize(
        ("connection", "reason"),
        [
            ("refused", "the connection was refused"),
            ("dns", "its name cannot be resolved"),
            ("tls", "the TLS handshake failed"),
        ],
    )
    def test_no_connection_is_made(self, connection: str, reason: str):
        simulation = broken(Fault(connection=connection))
        with pytest.raises(Lost, match=f"aoai-1.openai.azure.com: {reason}"):
            simulation.account.connect(request(CHAT_PATH, CHAT))

    def test_a_reset_ends_the_connection_before_an_answer(self):
        with pytest.raises(Lost, match="reset before an answer"):
            broken(Fault(connection="reset")).chat()

    def test_a_silent_account_never_answers(self):
        with pytest.raises(AssertionError, match="it never ended"):
            broken(Fault(connection="hang")).chat()

    def test_a_slow_account_writes_at_the_given_speed(self):
        simulation = broken(Fault(tokens_per_second=2), behaviour=Behaviour(first_token=1, tokens_per_second=1e9))
        told = simulation.chat()
        assert told.seconds == 1 + told.json["usage"]["completion_tokens"] / 2

    def test_a_throttle_stands_in_place_of_what_was_bought(self):
        simulation = broken(Fault(tokens_per_minute=1_000))
        assert simulation.chat(max_tokens=600).status == 200
        assert simulation.chat(max_tokens=600).status == 429
        simulation.account.faults.clear()
        assert simulation.chat(max_tokens=600).status == 200

    def test_a_refused_identity_is_401_whatever_its_role_and_leaves_keys_alone(self):
        simulation = broken(Fault(identity="refused"))
        token = {"Authorization": f"Bearer {simulation.token()}"}
        assert simulation.ask(CHAT_PATH, CHAT, headers=token).error[:2] == (401, "PermissionDenied")
        assert simulation.ask(CHAT_PATH, CHAT, headers={"api-key": KEY}).status == 200

    def test_several_faults_add_up_and_the_newest_of_a_kind_counts(self):
        simulation = broken(Fault(status=500), Fault(latency=3), Fault(status=503), Fault(latency=1))
        told = simulation.chat()
        assert (told.status, told.seconds) == (503, 1)


class TestScope:
    def test_a_fault_of_one_deployment_leaves_the_others_alone(self):
        simulation = broken(Fault(status=503, deployment="GPT-4o"))
        assert simulation.chat().status == 503
        assert simulation.ask("/openai/v1/chat/completions", {"model": "gpt-4o", **CHAT}).status == 503
        assert simulation.ask(OTHER, CHAT).status == 200
        assert simulation.ask("/openai/v1/models").status == 200

    def test_a_connection_is_lost_for_one_deployment_only(self):
        simulation = broken(Fault(connection="refused", deployment="other"))
        simulation.account.connect(request(CHAT_PATH, CHAT))
        with pytest.raises(Lost):
            simulation.account.connect(request("/openai/v1/responses", {"model": "other", "input": "x"}))

    def test_a_fault_ends_when_its_time_is_up(self):
        simulation = broken()
        begun = simulation.clock.now()
        simulation.account.faults.add(Fault(status=503, until=begun + 60))
        simulation.clock.run(until=begun + 59.9)
        assert simulation.chat().status == 503
        simulation.clock.run(until=begun + 60)
        assert simulation.chat().status == 200
        assert simulation.account.faults.current(simulation.clock.now()) == []

    @pytest.mark.parametrize(("seconds", "fits"), [(59.9, True), (60, False)])
    def test_its_time_counts_for_connections_too(self, seconds: float, fits: bool):
        simulation = broken()
        begun = simulation.clock.now()
        fault = Fault(connection="refused", until=begun + 60)
        simulation.account.faults.add(fault)
        assert fault.fits("gpt-4o", begun + seconds) is fits
        assert bool(simulation.account.faults.connection_failure("gpt-4o", begun + seconds)) is fits

    @pytest.mark.parametrize("fault", [Fault(status=503, count=3), Fault(connection="refused", count=3)])
    def test_a_fault_meets_so_many_requests(self, fault: Fault):
        simulation = broken(fault)
        outcomes = []
        for _ in range(5):
            try:
                outcomes.append(simulation.chat().status)
            except Lost:
                outcomes.append(503)
        assert outcomes == [503, 503, 503, 200, 200]

    def test_requests_to_other_deployments_do_not_use_up_the_count(self):
        simulation = broken(Fault(status=503, count=1, deployment="gpt-4o"))
        assert [simulation.ask(OTHER, CHAT).status, simulation.chat().status, simulation.chat().status] == [
            200,
            503,
            200,
        ]

    def test_a_share_of_the_requests_is_met(self):
        faults = Faults(Chance(1).stream("faults"))
        faults.add(Fault(status=503, share=0.2))
        met = sum(faults.meet("gpt-4o", now=0).status == 503 for _ in range(10_000))
        assert met == pytest.approx(2_000, abs=150)

    def test_an_entry_tells_what_is_left(self):
        fault = Fault(status=503, retry_after=5, until=160, count=2, share=0.5, deployment="a")
        assert fault.entry(now=100) == {
            "status": 503,
            "retryAfter": 5,
            "for": 60,
            "count": 2,
            "share": 0.5,
            "deployment": "a",
        }
        assert Fault(cut_after=0, until=math.inf).entry(now=100) == {"cutAfter": 0}


def test_a_healed_account_has_no_trouble():
    simulation = broken(Fault(status=503), Fault(connection="refused"), Fault(latency=1))
    simulation.account.faults.clear()
    assert (simulation.chat().status, simulation.chat().seconds) == (200, 0)


def test_faults_outlive_a_change_of_the_account():
    simulation = broken(Fault(status=503))
    simulation.account.configure(Simulation(grants=frozenset({(PRINCIPAL, "other")})).settings)
    assert simulation.chat().status == 503
