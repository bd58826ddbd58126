"""What a caller of an account gets, in the order in which Azure decides it."""

import gzip
import json
from typing import Any

import pytest

from tests.support.accounts import (
    AUDIENCE,
    CHAT_PATH,
    CONTRIBUTOR,
    EMBEDDING,
    GPT,
    KEY,
    MESSAGES,
    PRINCIPAL,
    Simulation,
    Told,
    request,
)
from twin.openai.settings import Deployment

CHAT = {"messages": MESSAGES}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class TestAnswers:
    @pytest.mark.parametrize(
        ("path", "body", "kind"),
        [
            (CHAT_PATH, CHAT, "chat.completion"),
            ("/openai/deployments/gpt-4o/completions?api-version=1", {"prompt": "hi"}, "text_completion"),
            ("/openai/deployments/ada/embeddings?api-version=1", {"input": "hi"}, "list"),
            ("/openai/responses?api-version=1", {"model": "gpt-4o", "input": "hi"}, "response"),
            ("/openai/v1/chat/completions", {"model": "gpt-4o", **CHAT}, "chat.completion"),
            ("/openai/v1/completions", {"model": "GPT-4O", "prompt": "hi"}, "text_completion"),
            ("/openai/v1/embeddings", {"model": "ada", "input": ["hi"]}, "list"),
            ("/openai/v1/responses", {"model": "gpt-4o", "input": "hi"}, "response"),
            ("/openai/models?api-version=1", None, "list"),
            ("/openai/v1/models/text-embedding-3-small", None, "model"),
            ("/openai/deployments?api-version=1", None, "list"),
            ("/openai/deployments/gpt-4o?api-version=1", None, "deployment"),
        ],
    )
    def test_every_operation_answers(self, path: str, body: Any, kind: str):
        told = Simulation().ask(path, body)
        assert (told.status, told.json["object"]) == (200, kind)
        assert told.headers.get("content-type") == "application/json"

    def test_models_and_deployments_are_those_of_the_account(self):
        simulation = Simulation(GPT, Deployment("gpt-2", "gpt-4o"), EMBEDDING, Deployment("own", "gpt-4o.ft-1"))
        models = [one["id"] for one in simulation.ask("/openai/v1/models").json["data"]]
        deployments = simulation.ask("/openai/deployments?api-version=1").json["data"]
        assert {"gpt-4o", "gpt-4.1-mini", "text-embedding-3-large", "gpt-4o.ft-1"} <= set(models)
        assert len(models) == len(set(models))
        assert [simulation.ask(f"/openai/v1/models/{one}").status for one in ("gpt-4o.ft-1", "other")] == [200, 404]
        assert [(one["id"], one["model"]) for one in deployments] == [
            ("gpt-4o", "gpt-4o"),
            ("gpt-2", "gpt-4o"),
            ("ada", "text-embedding-3-small"),
            ("own", "gpt-4o.ft-1"),
        ]

    def test_an_answer_carries_azures_headers(self):
        headers = Simulation(region="swedencentral").chat().headers
        assert headers.get("x-ms-region") == "Sweden Central"
        assert headers.get("x-ratelimit-remaining-requests") == "99"
        assert headers.get("x-ratelimit-remaining-tokens") == str(100_000 - 1 - 16 - 1)
        assert len(headers.get("apim-request-id")) == len(headers.get("x-request-id")) == 36
        assert headers.get("apim-request-id") != headers.get("x-request-id")

    def test_a_gzip_body_is_unpacked(self):
        raw = gzip.compress(json.dumps(CHAT).encode())
        packed = Simulation().ask(raw=raw, headers={"api-key": KEY, "Content-Encoding": "gzip"})
        assert packed.status == 200
        assert packed.json["choices"] == Simulation().chat().json["choices"]

    def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_ids(self):
        first, again, other = (Simulation(seed=seed).chat() for seed in (1, 1, 2))
        assert (first.content, list(first.headers)) == (again.content, list(again.headers))
        assert first.json["id"] != other.json["id"]


class TestAccess:
    def test_without_credentials_it_is_401(self):
        status, code, message = Simulation().ask(CHAT_PATH, CHAT, headers={}).error
        assert (status, code) == (401, "401")
        assert message.startswith("Access denied due to invalid subscription key or wrong API endpoint.")

    @pytest.mark.parametrize("name", ["api-key", "API-Key", "Ocp-Apim-Subscription-Key"])
    def test_a_key_opens_it_and_a_wrong_one_does_not(self, name: str):
        simulation = Simulation()
        assert simulation.ask(CHAT_PATH, CHAT, headers={name: KEY}).status == 200
        assert simulation.ask(CHAT_PATH, CHAT, headers={name: "wrong"}).error[:2] == (401, "401")

    def test_where_keys_are_disabled_none_is_good(self):
        told = Simulation(keys=frozenset()).ask(CHAT_PATH, CHAT)
        assert told.error == (
            403,
            "AuthenticationTypeDisabled",
            "Key based authentication is disabled for this resource.",
        )

    @pytest.mark.parametrize("keys", [frozenset({KEY}), frozenset[str]()])
    def test_a_token_goes_before_a_key_that_a_gateway_has_passed_on(self, keys: frozenset[str]):
        simulation = Simulation(keys=keys)
        headers = {**bearer(simulation.token()), "api-key": "the caller's"}
        assert simulation.ask(CHAT_PATH, CHAT, headers=headers).status == 200

    def test_a_key_counts_beside_what_is_no_token(self):
        simulation = Simulation()
        assert simulation.ask(CHAT_PATH, CHAT, headers={**bearer("placeholder"), "api-key": KEY}).status == 200
        assert simulation.ask(CHAT_PATH, CHAT, headers={**bearer("placeholder"), "api-key": "wrong"}).status == 401

    def test_a_key_sent_as_a_token_opens_the_v1_api_only(self):
        simulation = Simulation()
        v1 = simulation.ask("/openai/v1/chat/completions", {"model": "gpt-4o", **CHAT}, headers=bearer(KEY))
        assert v1.status == 200
        assert simulation.ask(CHAT_PATH, CHAT, headers=bearer(KEY)).status == 401

    @pytest.mark.parametrize("audience", [AUDIENCE, f"{AUDIENCE}/"])
    def test_an_identity_with_the_role_gets_in_without_any_key(self, audience: str):
        simulation = Simulation(keys=frozenset())
        token = simulation.token(PRINCIPAL.upper(), audience)
        assert simulation.ask(CHAT_PATH, CHAT, headers=bearer(token)).status == 200

    @pytest.mark.parametrize("token", ["nonsense", "", "expired", "other audience", "early"])
    def test_a_token_that_does_not_hold_is_told_so(self, token: str):
        simulation = Simulation()
        now = simulation.clock.now()
        given = {
            "expired": simulation.issuer.issue(PRINCIPAL, AUDIENCE, now - 3600),
            "early": simulation.issuer.issue(PRINCIPAL, AUDIENCE, now + 60),
            "other audience": simulation.token(audience="https://management.azure.com"),
        }.get(token, token)
        told = simulation.ask(CHAT_PATH, CHAT, headers=bearer(given))
        assert told.status == told.json["statusCode"] == 401
        assert told.json["message"].startswith("Unauthorized. Access token is missing, invalid, audience is incorrect")

    def test_a_token_for_foundry_opens_the_v1_api_only(self):
        simulation = Simulation()
        headers = bearer(simulation.token(audience="https://ai.azure.com"))
        v1 = simulation.ask("/openai/v1/chat/completions", {"model": "gpt-4o", **CHAT}, headers=headers)
        assert v1.status == 200
        assert simulation.ask(CHAT_PATH, CHAT, headers=headers).status == 401

    def test_an_identity_without_a_role_is_401_and_not_403(self):
        simulation = Simulation(grants=frozenset({(PRINCIPAL, "8e3af657-a8ff-443c-a75c-2fe8c4bcb635")}))  # Owner
        told = simulation.ask(CHAT_PATH, CHAT, headers=bearer(simulation.token()))
        assert told.error == (401, "PermissionDenied", "Principal does not have access to API/Operation.")

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/openai/fine_tuning/jobs?api-version=1"),
            ("POST", "/openai/files?api-version=1"),
            ("DELETE", "/openai/deployments/gpt-4o?api-version=1"),
        ],
    )
    def test_the_user_role_may_not_fine_tune_or_administer(self, method: str, path: str):
        simulation = Simulation(grants=frozenset({(PRINCIPAL, CONTRIBUTOR)}))
        ask = {"method": method, "headers": bearer(simulation.token()), "raw": b"{}"}
        assert Simulation().ask(path, **ask).error[:2] == (401, "PermissionDenied")
        assert simulation.ask(path, **ask).error == (
            501,
            "NotSimulated",
            f"The twin's accounts do not simulate {method} {path.partition('?')[0]}.",
        )


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "method"),
        [("/openai/chat/completions?api-version=1", "POST"), (CHAT_PATH.partition("?")[0], "POST"), (CHAT_PATH, "PUT")],
    )
    def test_no_such_path_or_no_version_is_404(self, path: str, method: str):
        told = Simulation().ask(path, CHAT, method=method)
        assert told.error == (404, "404", "Resource not found")

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/openai/deployments/other/chat/completions?api-version=1", CHAT),
            ("/openai/deployments/other/chat/completions?api-version=1", None),  # before the body is looked at
            ("/openai/v1/chat/completions", {"model": "other", **CHAT}),
            ("/openai/responses?api-version=1", {"model": "other", "input": "x"}),
        ],
    )
    def test_an_unknown_deployment_is_404(self, path: str, body: Any):
        status, code, message = Simulation().ask(path, body, method="POST").error
        assert (status, code) == (404, "DeploymentNotFound")
        assert message.startswith("The API deployment for this resource does not exist.")

    def test_an_account_that_lists_no_deployments_has_any(self):
        simulation = Simulation(any_deployment=True, deployments=())
        assert simulation.chat().json["model"] == "gpt-4o"
        embedded = simulation.ask("/openai/deployments/gpt-4o/embeddings?api-version=1", {"input": "x"})
        assert embedded.status == 200

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (b"{nonsense", "We could not parse the JSON body of your request."),
            (b"", "We could not parse the JSON body of your request."),
            (b"\xff\xfe\xfd", "We could not parse the JSON body of your request."),
            (b"[]", "The request body must be a JSON object."),
            (b"{}", "Missing required parameter: 'messages'."),
            (b'{"messages": "hi"}', "Invalid type for 'messages'"),
            (b'{"messages": []}', "[] is too short - 'messages'"),
        ],
    )
    def test_a_body_that_is_no_chat_is_400(self, raw: bytes, message: str):
        told = Simulation().ask(raw=raw, method="POST")
        assert told.status == 400
        assert told.json["error"]["type"] == "invalid_request_error"
        assert told.json["error"]["message"].startswith(message)

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (b"plain", "The request body is not gzip, as its Content-Encoding says."),
            (gzip.compress(b"{}", mtime=0)[:-4], "The compressed request body is incomplete or too large."),
        ],
    )
    def test_a_body_that_cannot_be_unpacked_is_400(self, raw: bytes, message: str):
        told = Simulation().ask(raw=raw, headers={"api-key": KEY, "Content-Encoding": "gzip"})
        assert told.error == (400, None, message)

    def test_the_v1_api_needs_a_model(self):
        told = Simulation().ask("/openai/v1/chat/completions", CHAT)
        assert told.error == (400, None, "you must provide a model parameter")

    def test_a_model_does_only_what_it_can(self):
        simulation = Simulation()
        embedded = simulation.ask("/openai/deployments/gpt-4o/embeddings?api-version=1", {"input": "x"})
        chatted = simulation.ask("/openai/deployments/ada/chat/completions?api-version=1", CHAT)
        assert embedded.error[:2] == chatted.error[:2] == (400, "OperationNotSupported")
        assert "The chatCompletion operation does not work with the specified model, text-emb" in chatted.error[2]

    def test_null_messages_get_500_each_time(self):
        simulation = Simulation()
        for _ in range(3):
            assert simulation.ask(CHAT_PATH, {"messages": None}).error[:2] == (500, "InternalServerError")

    def test_who_may_not_call_learns_nothing_of_deployments_and_bodies(self):
        told = Simulation().ask("/openai/deployments/other/chat/completions?api-version=1", headers={}, raw=b"{x")
        assert told.status == 401


class TestLimits:
    def test_a_full_deployment_is_429_with_both_waits(self):
        simulation = Simulation(Deployment("gpt-4o", "gpt-4o", capacity=10))
        assert simulation.chat(max_tokens=9_000).status == 200
        simulation.clock.run(until=simulation.clock.now() + 20.5)
        told = simulation.chat(max_tokens=2_000)
        assert told.error[:2] == (429, "429")
        assert "ChatCompletions_Create Operation under Azure OpenAI API version 2024-10-21" in told.error[2]
        assert "Please retry after 40 seconds." in told.error[2]
        assert (told.headers.get("Retry-After"), told.headers.get("retry-after-ms")) == ("40", "39500")

    def test_requests_are_limited_to_six_a_minute_for_a_thousand_tokens(self):
        simulation = Simulation(Deployment("gpt-4o", "gpt-4o", capacity=10))
        assert [simulation.chat(max_tokens=1).status for _ in range(11)] == [200] * 10 + [429]

    def test_a_request_larger_than_the_limit_is_429_at_any_time(self):
        simulation = Simulation(Deployment("gpt-4o", "gpt-4o", capacity=1))
        told = simulation.chat(max_tokens=1_001)
        assert told.status == 429
        assert told.headers.get("Retry-After") == "60"

    def test_deployments_do_not_share_a_limit(self):
        simulation = Simulation(Deployment("gpt-4o", "gpt-4o"), Deployment("b", "gpt-4o"))
        assert simulation.chat(max_tokens=990).status == 200
        assert simulation.chat(max_tokens=990).status == 429
        other = simulation.ask("/openai/v1/chat/completions", {"model": "b", "max_tokens": 990, **CHAT})
        assert other.status == 200

    def test_a_provisioned_deployment_gives_back_what_it_did_not_need(self):
        simulation = Simulation(Deployment("gpt-4o", "gpt-4o", "ProvisionedManaged", 24))  # 60,000 tokens a minute
        answer = simulation.chat(max_tokens=900)
        remaining = int(answer.headers.get("x-ratelimit-remaining-tokens"))
        assert remaining == 1_000 - answer.json["usage"]["total_tokens"] > 0

    def test_limits_are_kept_through_a_change_that_does_not_touch_them(self):
        simulation = Simulation(Deployment("gpt-4o", "gpt-4o"))
        assert simulation.chat(max_tokens=990).status == 200
        grants = frozenset({(PRINCIPAL, CONTRIBUTOR)})
        simulation.account.configure(Simulation(Deployment("gpt-4o", "gpt-4o"), EMBEDDING, grants=grants).settings)
        assert simulation.chat(max_tokens=990).status == 429
        simulation.account.configure(Simulation(Deployment("gpt-4o", "gpt-4o", capacity=2)).settings)
        assert simulation.chat(max_tokens=990).status == 200


def test_many_at_once_are_all_answered_and_counted():
    simulation = Simulation()

    async def together() -> list[Told]:
        return await simulation.clock.together(
            *(simulation.answer(request(CHAT_PATH, {**CHAT, "user": str(i)})) for i in range(90))
        )

    told = simulation.run(together())
    assert [one.status for one in told] == [200] * 90
    assert len({one.json["id"] for one in told}) == 90
    assert simulation.account.visits.count == 90
