"""The gateway of a local Azure: what a PUT or DELETE changes, for whom, and what it leaves alone."""

import re
from typing import Any

import pytest

from tests.support.pools import pool
from tests.support.service import GROUP, Service, a_service, service_body
from tests.support.trial import Trial
from twin.assumptions import Assumptions
from twin.bearer import VALID_FOR
from twin.gateway.call import Caller
from twin.messages import Headers, Request, Response, Url
from twin.simulation import Simulation

KEY = "0123456789abcdef"


def says(text: str) -> dict[str, Any]:
    """The body of a policy that answers with a C# text instead of any backend."""
    answer = f'<return-response><set-status code="200" /><set-body>@({text})</set-body></return-response>'
    value = f"<policies><inbound><base />{answer}</inbound><backend /><outbound /><on-error /></policies>"
    return {"properties": {"format": "rawxml", "value": value}}


class Served:
    """The gateway of one local Azure, called in-process."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.simulation = Simulation(service.azure.endpoint.store)

    def call(
        self,
        path: str,
        method: str = "GET",
        key: str = KEY,
        host: str = "apim-contoso.azure-api.net",
        headers: Headers | None = None,
    ) -> Response:
        headers = headers or Headers([("Ocp-Apim-Subscription-Key", key)] if key else [])
        ended: list[Response] = []

        async def whole() -> None:
            answer = await self.simulation.gateway.handle(
                Request(method, Url.parse(path), headers), Caller("127.0.0.1", host)
            )
            await answer.read()
            ended.append(answer)

        self.simulation.clock.start(whole())
        self.simulation.clock.run()
        return ended[0]

    def text(self, path: str, **options: Any) -> str:
        answer = self.call(path, **options)
        return answer.body.decode() if answer.status == 200 else str(answer.status)


@pytest.fixture
def served() -> Served:
    """An API `chat` that says which of its operations was called."""
    service = a_service()
    service.api("chat")
    service.put("/apis/chat/operations/get", {"properties": {"displayName": "g", "method": "GET", "urlTemplate": "/*"}})
    service.put("/apis/chat/policies/policy", says("context.Operation.Id"))
    service.made("/subscriptions/team", displayName="t", scope="/apis", state="active", primaryKey=KEY)
    return Served(service)


def operation(method: str, template: str) -> dict[str, Any]:
    names = [{"name": name, "type": "string", "required": True} for name in re.findall(r"{(\w+)}", template)]
    known = {"displayName": f"{method} {template}", "method": method, "urlTemplate": template}
    return {"properties": {**known, "templateParameters": names}}


def test_a_policy_is_in_force_from_the_next_call_on_and_so_is_its_end(served: Served):
    assert served.text("/chat/x") == "get"
    served.service.put("/apis/chat/policies/policy", says('"changed"'))
    assert served.text("/chat/x") == "changed"
    assert served.service.delete("/apis/chat/policies/policy").status == 200
    assert served.text("/chat/x") == "500", "the API has no backend of its own"


def test_an_api_comes_moves_and_goes(served: Served):
    served.service.api("more")
    served.service.put("/apis/more/operations/get", operation("GET", "/"))
    served.service.put("/apis/more/policies/policy", says('"more"'))
    assert served.text("/more") == "more"
    served.service.made("/apis/more", displayName="more", path="elsewhere/deep")
    assert [served.text("/more"), served.text("/elsewhere/deep")] == ["404", "more"]
    served.service.delete("/apis/more")
    assert served.service.get("/apis/more").status == 404, "which takes its time, and is done then"
    assert served.text("/elsewhere/deep") == "404"


def test_an_operation_comes_and_goes_and_the_most_exact_one_is_called(served: Served):
    assert served.service.put("/apis/chat/operations/exact", operation("GET", "/models/{id}")).status == 201
    assert [served.text("/chat/models/a"), served.text("/chat/models/a/b")] == ["exact", "get"]
    assert served.text("/chat/models/a", method="DELETE") == "404", "there is no 405"
    assert served.text("/chat/models/a", method="HEAD") == "404"
    assert served.text("/chat/models/a", method="OPTIONS") == "404"
    served.service.delete("/apis/chat/operations/exact")
    assert served.text("/chat/models/a") == "get"


def test_an_operations_policy_stands_in_its_apis(served: Served):
    served.service.put("/apis/chat/operations/get/policies/policy", says('"of the operation"'))
    assert served.text("/chat/x") == "get", "its base comes first, and that answers"
    served.service.delete("/apis/chat/policies/policy")
    assert served.text("/chat/x") == "of the operation"


def test_a_subscription_is_suspended_regains_its_keys_and_is_deleted(served: Served):
    def team(state: str, key: str = KEY) -> None:
        served.service.made("/subscriptions/team", displayName="t", scope="/apis", state=state, primaryKey=key)

    assert served.text("/chat/x", key="") == "401"
    assert served.text("/chat/x", key="another") == "401"
    team("suspended")
    assert served.text("/chat/x") == "401"
    team("active", "another-key-0123")
    assert [served.text("/chat/x"), served.text("/chat/x", key="another-key-0123")] == ["401", "get"]
    served.service.delete("/subscriptions/team")
    assert served.text("/chat/x", key="another-key-0123") == "401"


def test_a_product_opens_the_apis_in_it_and_its_policy_stands_around_theirs(served: Served):
    put = served.service.put
    put("/products/gold", {"properties": {"displayName": "Gold", "state": "published"}})
    gold = "gold-key-01234567"
    served.service.made("/subscriptions/gold", displayName="g", scope="/products/gold", state="active", primaryKey=gold)
    assert served.text("/chat/x", key=gold) == "401", "the API is not in the product yet"
    put("/products/gold/apis/chat", None)
    assert served.text("/chat/x", key=gold) == "get"
    put("/products/gold/policies/policy", says("context.Product.Name"))
    assert served.text("/chat/x", key=gold) == "Gold"
    assert served.text("/chat/x") == "get", "whoever comes by another key does not meet it"
    served.service.delete("/products/gold/apis/chat")
    assert served.text("/chat/x", key=gold) == "401"


def test_named_values_and_fragments_are_read_as_they_are_now(served: Served):
    put = served.service.put
    put("/namedValues/word", {"properties": {"displayName": "word", "value": "one"}})
    fragment = '<fragment><set-variable name="said" value="{{word}}" /></fragment>'
    put("/policyFragments/said", {"properties": {"format": "rawxml", "value": fragment}})
    answer = '<return-response><set-body>@((string)context.Variables["said"])</set-body></return-response>'
    text = f'<policies><inbound><include-fragment fragment-id="said" />{answer}</inbound></policies>'
    put("/apis/chat/policies/policy", {"properties": {"format": "rawxml", "value": text}})
    assert served.text("/chat/x") == "one"
    put("/namedValues/word", {"properties": {"displayName": "word", "value": "two"}})
    assert served.text("/chat/x") == "two"
    changed = fragment.replace("{{word}}", "three")
    put("/policyFragments/said", {"properties": {"format": "rawxml", "value": changed}})
    assert served.text("/chat/x") == "three"


def test_a_service_is_called_by_its_host_and_goes(served: Served):
    azure = served.service.azure
    other = Service(azure, f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-other")
    assert served.text("/chat/x", host="localhost:8480") == "get", "the only service there is"
    azure.made(other.path, service_body())
    assert served.text("/chat/x", host="localhost:8480") == "404"
    assert "apim-other.azure-api.net" in served.call("/chat/x", host="localhost").body.decode()
    assert served.text("/chat/x", host="APIM-Contoso.azure-api.net") == "get"
    assert served.text("/chat/x", host="apim-contoso.localhost:8480") == "get"
    assert served.text("/chat/x", host="apim-other.azure-api.net") == "404", "an API of the other service"
    azure.delete(other.path)
    assert azure.get(other.path).status == 404
    assert served.text("/chat/x", host="localhost") == "get"


# ---- what a change leaves alone

CHANGES = {
    "a backend's address": lambda trial: trial.change(
        "Backend", "aoai-1", url="https://aoai-2.openai.azure.com/openai"
    ),
    "a backend's rule": lambda trial: trial.change("Backend", "aoai-1", circuitBreaker=rule("PT1M")),
    "a backend deleted": lambda trial: trial.remove("Backend", "aoai-1"),
    "the pool deleted": lambda trial: trial.remove("Backend", "openaiopool"),
    "the policy changed": lambda trial: trial.change("ApiPolicy", private=says('"x"')["properties"]),
    "the policy deleted": lambda trial: trial.remove("ApiPolicy"),
    "the operation deleted": lambda trial: trial.remove("ApiOperation"),
    "the API deleted": lambda trial: trial.remove("Api"),
    "the subscription deleted": lambda trial: trial.remove("Subscription"),
    "the service deleted": lambda trial: trial.remove("ApiManagementService"),
}


def rule(duration: str) -> dict[str, Any]:
    condition = {"count": 1, "interval": "PT10S", "statusCodeRanges": [{"min": 429, "max": 429}]}
    return {"rules": [{"name": "r", "failureCondition": condition, "tripDuration": duration, "acceptRetryAfter": True}]}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("stream", [True, False])
def test_no_change_disturbs_calls_that_are_under_way(change: str, stream: bool):
    trial = Trial(pool("3 tiered"))
    trial.fault(latency=1)
    heard = trial.begin([trial.request(stream=stream, answer=60) for _ in range(5)])
    trial.wait(0.5 if not stream else 1.03)  # before any head, or in the middle of the streams
    assert len(heard) == 0
    CHANGES[change](trial)
    trial.simulation.gateway.services  # noqa: B018  as any call would, it looks at what there is now
    trial.clock.run()
    assert [(one.status, one.broken) for one in heard.values()] == [(200, False)] * 5


def open_for(trial: Trial) -> list[int]:
    return [round(trial.seconds_open(name)) for name in trial.backends]


def test_breakers_stay_as_they_are_through_changes_that_do_not_touch_their_rule():
    trial = Trial(pool("3 tiered"))
    trial.fault(status=429, retry_after=30)
    trial.call()
    assert open_for(trial) == [30, 30, 30]
    trial.change("Backend", "aoai-1", description="another text")
    trial.change("Backend", "aoai-2", url="https://aoai-3.openai.azure.com/openai")
    trial.change("ApiPolicy", private={"format": "rawxml"})
    assert trial.call().asked == []
    assert open_for(trial) == [30, 30, 30]
    trial.change("Backend", "aoai-1", circuitBreaker=rule("PT1M"))
    assert trial.call().asked == ["aoai-1"], "another rule, another breaker: closed, and opened anew"
    trial.remove("Backend", "aoai-2")
    assert trial.seconds_open("aoai-2") == 0


def test_a_pool_whose_members_change_chooses_among_the_new_ones_at_once():
    trial = Trial(pool("3 tiered"))
    assert trial.call().asked == ["aoai-1"]
    services = trial.resource("Backend", "openaiopool").properties["pool"]["services"]
    trial.change("Backend", "openaiopool", pool={"services": services[1:]})
    assert trial.call().asked[0] != "aoai-1"


# ---- units


def test_each_unit_has_breakers_of_its_own_and_calls_are_spread_over_them():
    trial = Trial(pool("3 tiered"), units=3)
    assert len(trial.service.units) == 3
    trial.fault("aoai-1", status=429, retry_after=60)
    assert trial.call().status == 200
    assert sorted(trial.seconds_open("aoai-1", unit) > 0 for unit in range(3)) == [False, False, True]
    for _ in range(20):
        trial.call()
    assert all(trial.seconds_open("aoai-1", unit) > 0 for unit in range(3))
    units = {attempt.unit for heard in [trial.call() for _ in range(60)] for attempt in heard.attempts}
    assert len(units) == 3


def test_a_caller_may_stay_with_one_unit():
    trial = Trial(pool("3 tiered"), {"S16": "sticky"}, units=3)
    assert len({trial.call().attempts[0].unit for _ in range(20)}) == 1


def test_callers_who_stay_with_one_unit_do_not_all_stay_with_the_same():
    trial = Trial(pool("3 tiered"), {"S16": "sticky"}, units=3)
    gateway, request = trial.simulation.gateway, trial.request()

    async def call(address: str) -> None:
        answer = await gateway.handle(request, Caller(address, "localhost"))
        await answer.read()

    for number in range(40):
        trial.clock.start(call(f"192.0.2.{number}"))
    trial.clock.run()
    assert {answered.unit[-1] for answered in trial.answered} == {"1", "2", "3"}


def test_a_token_of_the_gateway_is_used_again_until_five_minutes_before_it_ends():
    trial = Trial(pool("3 tiered"))

    def token() -> str:
        return trial.call().sent[0].headers.get("Authorization")

    first = token()
    trial.wait(VALID_FOR - 301)
    assert token() == first
    trial.wait(2)
    assert token() != first


def test_a_suspended_key_is_nobodys_at_an_api_that_needs_none(served: Served):
    served.service.made("/apis/chat", displayName="chat", path="chat", subscriptionRequired=False)
    served.service.put("/apis/chat/policies/policy", says('context.Subscription?.Id ?? "nobody"'))
    assert [served.text("/chat/x"), served.text("/chat/x", key="")] == ["team", "nobody"]
    served.service.made("/subscriptions/team", displayName="t", scope="/apis", state="suspended", primaryKey=KEY)
    assert served.text("/chat/x") == "nobody"


def test_units_share_the_cache_of_their_region():
    trial = Trial(pool("3 tiered"), units=3)
    assert len({id(world.region) for world in trial.service.worlds}) == 1
    assert Assumptions().unit_choice == "random"


CORS = """<policies><inbound><base /><cors><allowed-origins><origin>https://app.example</origin></allowed-origins>
<allowed-methods><method>GET</method></allowed-methods></cors>
<return-response><set-status code="418" /></return-response></inbound><backend /><outbound /><on-error /></policies>"""


def asks(origin: str, method: str = "GET") -> Headers:
    """What a browser sends before a page's request; it never sends a key along."""
    return Headers([("Origin", origin), ("Access-Control-Request-Method", method)])


def test_a_browsers_question_is_answered_without_a_key_and_without_an_operation_for_options(served: Served) -> None:
    assert served.call("/chat/x", "OPTIONS", headers=asks("https://app.example")).status == 404
    body = {"properties": {"format": "xml", "value": CORS}}
    served.service.put("/apis/chat/policies/policy", body)
    allowed = served.call("/chat/x", "OPTIONS", headers=asks("https://app.example"))
    assert (allowed.status, list(allowed.headers)) == (
        200,
        [("Access-Control-Allow-Origin", "https://app.example"), ("Access-Control-Allow-Methods", "GET")],
    )
    for headers in (asks("https://other.example"), asks("https://app.example", "PUT")):
        refused = served.call("/chat/x", "OPTIONS", headers=headers)
        assert (refused.status, len(refused.headers)) == (200, 0)


def test_options_without_a_question_is_like_any_other_method(served: Served) -> None:
    served.service.put("/apis/chat/policies/policy", {"properties": {"format": "xml", "value": CORS}})
    assert served.call("/chat/x", "OPTIONS").status == 404


def test_the_first_cors_that_allows_a_question_answers_it_unless_one_before_ends_the_search(served: Served) -> None:
    served.service.put("/apis/chat/policies/policy", {"properties": {"format": "xml", "value": CORS}})
    for ends, told in (("false", 2), ("true", 0)):
        origins = "<allowed-origins><origin>https://other.example</origin></allowed-origins>"
        cors = f'<cors terminate-unmatched-request="{ends}">{origins}</cors>'
        value = f"<policies><inbound>{cors}</inbound><backend><forward-request /></backend><outbound /></policies>"
        served.service.put("/policies/policy", {"properties": {"format": "xml", "value": value}})
        assert len(served.call("/chat/x", "OPTIONS", headers=asks("https://app.example")).headers) == told


def test_a_call_without_a_body_has_none_in_the_context(served: Served) -> None:
    served.service.put("/apis/chat/policies/policy", says('context.Request.Body == null ? "none" : "some"'))
    assert served.text("/chat/x") == "none"
