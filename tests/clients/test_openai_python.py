"""openai-python against the gateway: what an application does with it on Azure, it does here."""

import asyncio
import base64
import json
import struct
from collections.abc import Iterator
from typing import Any, Literal

import httpx2
import openai
import pytest
from pydantic import BaseModel, Field

from tests.support.servers import Servers

pytestmark = pytest.mark.clients

VERSION = "2024-10-21"
HELLO: Any = [{"role": "user", "content": "hello"}]
PRIMARY = "aoai-eus2-1"


def azure(servers: Servers, key: str = "", **options: Any) -> openai.AzureOpenAI:
    return openai.AzureOpenAI(
        azure_endpoint=servers.gateway, api_key=key or servers.key, api_version=VERSION, max_retries=0, **options
    )


def v1(servers: Servers, **options: Any) -> openai.OpenAI:
    return openai.OpenAI(
        base_url=f"{servers.gateway}/openai/v1",
        api_key="not used",
        default_headers={"api-key": servers.key},
        max_retries=0,
        **options,
    )


@pytest.fixture(params=["AzureOpenAI", "OpenAI with /openai/v1"])
def client(request: pytest.FixtureRequest, servers: Servers) -> Iterator[openai.OpenAI]:
    """Both ways in which the SDK reaches Azure."""
    with azure(servers) if request.param == "AzureOpenAI" else v1(servers) as made:
        yield made


def test_a_chat_completion(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_a_streamed_chat_completion_begins_with_the_role_and_ends_with_the_usage(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="gpt-4o", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    words = "".join(delta.content or "" for delta in deltas).split()
    assert deltas[0].role == "assistant"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == len(words)


def test_the_helper_for_streams_gathers_the_answer(client: openai.OpenAI) -> None:
    with client.chat.completions.stream(model="gpt-4o", messages=HELLO) as stream:
        deltas = [event.delta for event in stream if event.type == "content.delta"]
        gathered = stream.get_final_completion()
    assert gathered.choices[0].message.content == "".join(deltas)
    assert gathered.choices[0].finish_reason == "stop"


def test_embeddings_come_as_base64_where_nothing_else_is_asked_for(client: openai.OpenAI) -> None:
    raw = client.embeddings.with_raw_response.create(model="text-embedding-3-small", input=["one", "two"])
    encoded = httpx2.Response(200, content=raw.content).json()["data"]
    decoded = [
        list(struct.unpack(f"<{len(one) // 4}f", one)) for one in (base64.b64decode(e["embedding"]) for e in encoded)
    ]
    assert [one.embedding for one in raw.parse().data] == decoded
    assert decoded[0] != decoded[1]


def test_embeddings_come_as_numbers_on_request(client: openai.OpenAI) -> None:
    numbers = client.embeddings.create(model="text-embedding-3-small", input="one", encoding_format="float")
    default = client.embeddings.create(model="text-embedding-3-small", input="one")
    assert numbers.data[0].embedding == pytest.approx(default.data[0].embedding, abs=1e-6)


def test_a_response_is_made_read_listed_and_deleted(client: openai.OpenAI) -> None:
    made = client.responses.create(model="gpt-4o", input="hello")
    assert made.output_text
    assert client.responses.retrieve(made.id).output_text == made.output_text
    assert [one.type for one in client.responses.input_items.list(made.id)] == ["message"]
    client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_a_streamed_response_ends_with_the_whole_one(client: openai.OpenAI) -> None:
    events = list(client.responses.create(model="gpt-4o", input="hello", stream=True))
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert events[0].type == "response.created"
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == "".join(deltas)


def test_models_are_listed_and_read(client: openai.OpenAI) -> None:
    assert "gpt-4o" in [model.id for model in client.models.list()]
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"


def test_tools_are_accepted(client: openai.OpenAI) -> None:
    weather: Any = {"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}
    answer = client.chat.completions.create(
        model="gpt-4o", messages=HELLO, tools=[{"type": "function", "function": weather}], tool_choice="required"
    )
    calls: Any = answer.choices[0].message.tool_calls
    assert [(call.function.name, list(json.loads(call.function.arguments))) for call in calls] == [
        ("weather", ["city"])
    ]
    assert answer.choices[0].finish_reason == "tool_calls"


def test_json_mode_gives_json(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="gpt-4o", messages=HELLO, response_format={"type": "json_object"})
    content = answer.choices[0].message.content or ""
    assert isinstance(httpx2.Response(200, text=content).json(), dict)


class Step(BaseModel):
    explanation: str
    follows: "Step | None"


class Plan(BaseModel):
    title: str
    minutes: int = Field(ge=5, le=60)
    kind: Literal["walk", "ride"]
    steps: list[Step]


def test_an_answer_is_what_its_schema_admits(client: openai.OpenAI) -> None:
    chat = client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=Plan)
    assert isinstance(chat.choices[0].message.parsed, Plan)
    told = client.responses.parse(model="gpt-4o", input="hello", text_format=Plan)
    assert isinstance(told.output_parsed, Plan)


def test_a_wrong_key_is_refused_and_no_account_is_called(servers: Servers) -> None:
    with azure(servers, key="wrong") as client, pytest.raises(openai.AuthenticationError) as refused:
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert refused.value.status_code == 401
    assert servers.all_visits() == {}


def test_the_key_as_bearer_alone_is_refused(servers: Servers) -> None:
    with (
        openai.OpenAI(base_url=f"{servers.gateway}/openai/v1", api_key=servers.key, max_retries=0) as client,
        pytest.raises(openai.AuthenticationError),
    ):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert servers.all_visits() == {}


def test_the_account_sees_the_gateways_token_and_nothing_of_the_key(servers: Servers) -> None:
    with v1(servers) as client:
        client.chat.completions.create(model="gpt-4o", messages=HELLO, extra_query={"api-key": servers.key})
    [visit] = servers.visits(PRIMARY)
    assert visit["headers"]["authorization"] == "Bearer ***"
    assert "api-key" not in visit["headers"]
    assert visit["query"] == {}


def test_an_unknown_operation_is_not_found(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.post("/no/such/thing", cast_to=object, body={})


def test_a_prompt_of_a_mebibyte(client: openai.OpenAI, servers: Servers) -> None:
    answer = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "word " * 210_000}])
    assert answer.usage is not None
    assert answer.usage.prompt_tokens > 200_000
    assert servers.visits(PRIMARY)[0]["body_bytes"] > 1024**2


def test_a_hundred_calls_at_once_are_each_answered_once(servers: Servers) -> None:
    async def ask() -> list[str | None]:
        async with openai.AsyncAzureOpenAI(
            azure_endpoint=servers.gateway, api_key=servers.key, api_version=VERSION, max_retries=0
        ) as client:
            asked = [
                client.chat.completions.create(model="gpt-4o", messages=HELLO, user=f"caller-{number}")
                for number in range(100)
            ]
            return [answer.choices[0].message.content for answer in await asyncio.gather(*asked)]

    assert all(asyncio.run(ask()))
    assert [visit["outcome"] for visit in servers.visits(PRIMARY)] == ["answered"] * 100


def test_an_asynchronous_stream(servers: Servers) -> None:
    async def ask() -> list[str]:
        async with openai.AsyncAzureOpenAI(
            azure_endpoint=servers.gateway, api_key=servers.key, api_version=VERSION, max_retries=0
        ) as client:
            stream = await client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
            return [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]

    assert len(asyncio.run(ask())) > 2


def test_a_caller_of_a_stream_who_hangs_up_ends_the_accounts_work(servers: Servers) -> None:
    servers.fault(PRIMARY, tokensPerSecond=1)
    with azure(servers) as client:
        stream = client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
        next(iter(stream))
        assert servers.visits(PRIMARY)[0]["outcome"] == "under way"
        stream.close()
    assert servers.outcome(PRIMARY) == "caller hung up"


def test_a_caller_who_loses_patience_before_an_answer_ends_the_accounts_work(servers: Servers) -> None:
    servers.fault(PRIMARY, connection="hang")
    with azure(servers, timeout=0.05) as client, pytest.raises(openai.APITimeoutError):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert servers.outcome(PRIMARY) == "caller hung up"


def test_a_stream_that_breaks_is_an_error_for_the_client(client: openai.OpenAI, servers: Servers) -> None:
    servers.fault(PRIMARY, cutAfter=3)
    with pytest.raises((openai.APIConnectionError, httpx2.TransportError)):
        list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))
    assert list(servers.all_visits()) == [PRIMARY]


def test_an_answer_that_breaks_is_an_error_for_the_client(client: openai.OpenAI, servers: Servers) -> None:
    servers.fault(PRIMARY, cutAfter=1)
    with pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert list(servers.all_visits()) == [PRIMARY]


def test_an_unknown_deployment_is_the_accounts_404_and_is_tried_nowhere_else(servers: Servers) -> None:
    accounts = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-openai/providers"
    path = f"{accounts}/Microsoft.CognitiveServices/accounts/{PRIMARY}/deployments/gpt-4o?api-version=2025-06-01"
    model = {"format": "OpenAI", "name": "gpt-4o"}
    servers.control("PUT", path, {"sku": {"name": "Standard", "capacity": 10}, "properties": {"model": model}})
    with azure(servers) as client, pytest.raises(openai.NotFoundError) as refused:
        client.chat.completions.create(model="gpt-5", messages=HELLO)
    assert refused.value.code == "DeploymentNotFound"
    assert list(servers.all_visits()) == [PRIMARY]


class TestRetriesOfTheClient:
    """The SDK tries again by itself; what the gateway says decides whether and when. Nobody sleeps here."""

    @pytest.fixture
    def slept(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        seconds: list[float] = []
        monkeypatch.setattr("openai._base_client.time.sleep", seconds.append)
        return seconds

    def test_it_waits_as_long_as_the_gateway_says_to_the_millisecond(
        self, servers: Servers, slept: list[float]
    ) -> None:
        for number, account in enumerate((PRIMARY, "aoai-eus-1", "aoai-eus-2")):
            servers.fault(account, status=429, retryAfter=30 + number)
        with azure(servers).with_options(max_retries=2) as client, pytest.raises(openai.RateLimitError) as refused:
            client.chat.completions.create(model="gpt-4o", messages=HELLO)
        assert len(slept) == 2
        assert 29 < slept[1] < slept[0] <= 30
        assert float(refused.value.response.headers["retry-after-ms"]) < slept[1] * 1000
        assert {name: len(visits) for name, visits in servers.all_visits().items()} == dict.fromkeys(
            (PRIMARY, "aoai-eus-1", "aoai-eus-2"), 1
        )

    def test_it_does_not_repeat_what_fails_everywhere(self, servers: Servers, slept: list[float]) -> None:
        for account in (PRIMARY, "aoai-eus-1", "aoai-eus-2"):
            servers.fault(account, status=500)
        with azure(servers).with_options(max_retries=2) as client, pytest.raises(openai.InternalServerError) as failed:
            client.chat.completions.create(model="gpt-4o", messages=HELLO)
        assert failed.value.response.headers["x-should-retry"] == "false"
        assert slept == []
        assert sum(len(visits) for visits in servers.all_visits().values()) == 3

    def test_it_has_nothing_to_repeat_when_another_account_answers(self, servers: Servers, slept: list[float]) -> None:
        servers.fault(PRIMARY, status=503)
        with azure(servers).with_options(max_retries=2) as client:
            assert client.chat.completions.create(model="gpt-4o", messages=HELLO).choices
        assert slept == []
