"""break and heal as a person types them, against a twin whose accounts stand in this process."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.arm import LocalArm, local_arm
from tests.support.docs import written
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import RealClock
from twin.command import trouble
from twin.command.app import app
from twin.command.running import COMMAND, Running
from twin.gateway.accounts import Accounts
from twin.gateway.controls import handle


@pytest.fixture
def arm(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalArm]:
    clock = RealClock()
    with local_arm(controls=lambda call: handle(call, accounts, clock.now())) as arm:
        accounts = Accounts(lambda: arm.store, clock, Chance(1), Issuer("tenant"))
        monkeypatch.setattr(trouble.running, "find", lambda _: Running(0, arm.url, "", "", "", {}))
        yield arm


def types(*words: str, expecting: int = 0) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code == expecting, done.output
    return done.output


def faults(arm: LocalArm, account: str = "aoai-eus2-1") -> list[dict[str, object]]:
    return arm.call("GET", f"/_twin/accounts/{account}/faults")[1]


@pytest.mark.parametrize(
    ("words", "fault", "told"),
    [
        (["--status", "503"], {"status": 503}, "every request gets 503."),
        (
            ["--status", "429", "--retry-after", "0.5"],
            {"status": 429, "retryAfter": 0.5},
            "every request gets 429 with Retry-After 0.5.",
        ),
        (["--latency", "1500ms"], {"latency": 1.5}, "every request is answered 1.5 s later."),
        (["--refuse"], {"connection": "refused"}, "every request gets no connection (the connection was refused)."),
        (["--dns"], {"connection": "dns"}, "every request gets no connection (its name cannot be resolved)."),
        (["--tls"], {"connection": "tls"}, "every request gets no connection (the TLS handshake failed)."),
        (["--reset"], {"connection": "reset"}, "every request loses its connection before an answer."),
        (["--hang"], {"connection": "hang"}, "every request is never answered."),
        (["--slow", "2"], {"tokensPerSecond": 2}, "every request is answered at 2 tokens a second."),
        (["--cut", "3"], {"cutAfter": 3}, "every request loses its answer half-way, a stream after 3 events."),
        (["--throttle", "1000"], {"tokensPerMinute": 1000}, "every request counts against 1000 tokens a minute."),
        (
            ["--says-wait", "600"],
            {"saysWait": 600},
            "every request that is over the limit is told to wait 600 s.",
        ),
        (
            ["--says-wait", "0", "--share", "5%"],
            {"saysWait": 0, "share": 0.05},
            "in 5% of the cases a request that is over the limit is not told how long to wait.",
        ),
        (["--refuse-identity"], {"identity": "refused"}, "every request is refused its identity."),
        (
            ["--status", "503", "--deployment", "gpt-4o", "--count", "2"],
            {"status": 503, "deployment": "gpt-4o", "count": 2},
            "each of the next 2 requests of deployment gpt-4o gets 503.",
        ),
        (
            ["--hang", "--share", "20%"],
            {"connection": "hang", "share": 0.2},
            "in 20% of the cases a request is never answered.",
        ),
    ],
)
def test_an_account_is_broken_as_it_was_asked_for(arm: LocalArm, words: list[str], fault: object, told: str):
    output = types("break", "aoai-eus2-1", *words)
    assert faults(arm) == [fault]
    assert output == f"aoai-eus2-1 is broken: {told}\nTo end it: {COMMAND} heal aoai-eus2-1\n"
    assert faults(arm, "aoai-eus-1") == []


def test_a_fault_for_a_while_says_until_when(arm: LocalArm):
    assert ", for 60 s (until " in types("break", "aoai-eus2-1", "--status", "503", "--for", "1m")
    [fault] = faults(arm)
    assert 59 < float(str(fault["for"])) <= 60


def test_an_account_is_healed_and_the_others_stay_broken(arm: LocalArm):
    for name in ("aoai-eus2-1", "aoai-eus-1"):
        types("break", name, "--hang")
    assert types("heal", "aoai-eus2-1") == "aoai-eus2-1 is whole again.\n"
    assert (faults(arm), faults(arm, "aoai-eus-1")) == ([], [{"connection": "hang"}])
    assert types("heal", "aoai-eus2-1") == "aoai-eus2-1 was not broken.\n"


def test_all_accounts_are_healed_at_once(arm: LocalArm):
    for name in ("aoai-eus2-1", "aoai-eus-1"):
        types("break", name, "--hang")
    assert types("heal") == "aoai-eus2-1, aoai-eus-1 are whole again.\n"
    assert faults(arm) == faults(arm, "aoai-eus-1") == []
    assert types("heal") == "No account was broken.\n"


def test_scripts_get_json(arm: LocalArm):
    made = json.loads(types("break", "aoai-eus2-1", "--status", "503", "--json"))
    assert made == {"account": "aoai-eus2-1", "status": 503}
    assert json.loads(types("heal", "--json")) == {"healed": ["aoai-eus2-1"]}


@pytest.mark.parametrize("words", [["break", "aoai-eus2", "--hang"], ["heal", "aoai-eus2"]])
def test_an_unknown_account_is_told_with_those_that_exist(arm: LocalArm, words: list[str]):
    output = types(*words, expecting=1)
    assert output == (
        "error: There is no simulated account aoai-eus2. Accounts here: aoai-eus2-1, aoai-eus-1, aoai-eus-2.\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "error: How is aoai-eus2-1 to fail?\nChoose one of --status, --latency, --refuse,"),
        (["--status", "503", "--hang"], "error: An account is broken in one way at a time."),
        (["--dns", "--hang"], "error: Connections are lost in one way at a time."),
        (["--hang", "--retry-after", "5"], "error: retryAfter goes with status only"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(arm: LocalArm, words: list[str], message: str):
    assert types("break", "aoai-eus2-1", *words, expecting=1).startswith(message)
    assert faults(arm) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--hang", "--for", "soon"], "'soon' is no duration"),
        (["--latency", "-1s"], "'-1s' is no duration"),
        (["--hang", "--share", "120%"], "'120%' is no share of the requests"),
        (["--hang", "--share", "half"], "'half' is no share of the requests"),
        (["--status", "200"], "should be greater than or equal to 400"),
    ],
)
def test_a_value_that_means_nothing_is_told(arm: LocalArm, words: list[str], message: str):
    output = types("break", "aoai-eus2-1", *words, expecting=2)
    assert message in " ".join(output.replace("│", " ").split())


@pytest.mark.parametrize("words", [["break", "a", "--hang"], ["heal"]])
def test_a_twin_that_does_not_run_is_told(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("APIM_TWIN_HOME", str(tmp_path))
    assert types(*words, expecting=1) == (
        "error: The twin does not run, so there is nothing to break or to heal.\n"
        f"To start it and deploy the project in this folder: {COMMAND} up\n"
    )


@pytest.mark.parametrize(
    ("text", "seconds"), [("60s", 60), ("1.5m", 90), ("200ms", 0.2), ("1h", 3600), ("7", 7), (" 2 S ", 2)]
)
def test_durations_are_read_with_their_unit(text: str, seconds: float):
    assert trouble.seconds(text) == pytest.approx(seconds)


def test_the_commands_on_the_twins_page_break_and_heal(arm: LocalArm):
    [commands] = written("docs/twin.md", "test_the_commands_on_the_twins_page_break_and_heal")
    *breaks, heal = [shlex.split(line, comments=True) for line in commands.splitlines()]

    for command in breaks:
        types(*command[3:])
    assert sorted(str(fault["status"]) for fault in faults(arm)) == ["429", "503"]
    types(*heal[3:])
    assert faults(arm) == []


def test_the_calls_on_the_twins_page_are_answered(arm: LocalArm):
    [calls] = written("docs/twin.md", "test_the_calls_on_the_twins_page_are_answered")
    for method, path, body in re.findall(r"^(\w+) +(/\S+)(?: +(\{.*\}))?", calls, re.MULTILINE):
        status, answer = arm.call(method, path.replace("{name}", "aoai-eus2-1"), json.loads(body) if body else None)
        assert status < 300, (method, path, answer)
