"""How an API of the twin is called: the line to paste, and the deployment that it asks for."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import Loop, Servers, serving
from twin.azure.identity import SUBSCRIPTION
from twin.command.demo import entrance, entrance_lines, why_not
from twin.command.door import Door, api_to_call, common_deployments, door_to
from twin.command.look import Api, Backend, Look, Member, Pool, Service, look_from
from twin.command.running import Running

API = Api("openai", "openai", ("POST",), "api-key", ("team-a",), ("pool",))


def service(path: str = "/openai", *, apis: tuple[Api, ...] = (API,)) -> Service:
    """A service with a pool of two backends, whose addresses end in that path."""
    backends = {name: Backend(name, f"{name}.openai.azure.com", path, Counter(), (0.0,)) for name in ("a", "b")}
    pool = Pool("pool", (Member("a", 1, 1), Member("b", 2, 1)))
    return Service("apim", ("apim.azure-api.net",), 1, Counter(), 0, apis, (pool,), backends)


def account(name: str, *deployments: str) -> dict[str, Any]:
    return {"name": name, "host": f"{name}.openai.azure.com", "deployments": list(deployments), "faults": []}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    loop = Loop()
    with serving(loop, tmp_path_factory.mktemp("twin")) as started:
        yield started
    loop.close()


def twin_of(servers: Servers) -> Running:
    return Running(0, servers.arm, servers.gateway, SUBSCRIPTION, "", {})


def look_at(servers: Servers) -> Look:
    return look_from(servers.control("GET", "/_twin/gateway"))


def test_the_line_works_when_it_is_pasted_into_a_shell(servers: Servers, tmp_path: Path):
    look = look_at(servers)
    found = entrance(twin_of(servers), look, look.service(None))
    assert found is not None
    lines = entrance_lines(found)
    pasted = "\n".join(lines[1:4])

    done = subprocess.run(["sh", "-c", pasted], capture_output=True, text=True, check=True, cwd=tmp_path)

    assert json.loads(done.stdout)["object"] == "chat.completion"
    assert lines[4] == "  The key is that of the subscription team-a. It opens this twin and nothing else."
    assert lines[5:] == []


def test_a_call_that_is_refused_is_told_with_the_reason(servers: Servers):
    for name in ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2"):
        servers.fault(name, status=500)
    look = look_at(servers)
    found = entrance(twin_of(servers), look, look.service(None))
    servers.heal()

    assert found is not None
    assert entrance_lines(found)[-1].startswith("  It is answered with 500 ")


def test_accounts_without_a_deployment_in_common_are_no_error_of_a_deployment(servers: Servers):
    accounts = "/resourceGroups/rg-openai/providers/Microsoft.CognitiveServices/accounts"
    model = {"properties": {"model": {"format": "OpenAI", "name": "o3", "version": "1"}}, "sku": {"name": "Standard"}}
    for name, deployment in (("aoai-eus2-1", "mine"), ("aoai-eus-1", "yours"), ("aoai-eus-2", "theirs")):
        path = f"/subscriptions/{SUBSCRIPTION}{accounts}/{name}/deployments/{deployment}"
        servers.control("PUT", f"{path}?api-version=2025-06-01", model)
    look = look_at(servers)
    found = entrance(twin_of(servers), look, look.service(None))

    assert found is not None
    assert entrance_lines(found)[-1].startswith("  It is answered with 404 ")
    assert why_not(found).startswith("a call is answered with 404 ")


@pytest.mark.parametrize(
    ("backend", "api", "path"),
    [
        ("/openai", "openai", "/openai/deployments/gpt/chat/completions?api-version=2024-10-21"),
        ("/openai/", "ai/chat", "/ai/chat/deployments/gpt/chat/completions?api-version=2024-10-21"),
        ("", "aoai", "/aoai/openai/deployments/gpt/chat/completions?api-version=2024-10-21"),
        ("/", "", "/openai/deployments/gpt/chat/completions?api-version=2024-10-21"),
        ("/openai/v1", "openai", "/openai/chat/completions"),
    ],
)
def test_the_address_goes_on_where_those_of_the_backends_end(backend: str, api: str, path: str):
    called = Api("openai", api, ("POST",), "api-key", (), ("pool",))
    assert door_to("http://127.0.0.1:8480", service(backend), called, "gpt").url == f"http://127.0.0.1:8480{path}"


def test_an_address_that_ends_in_v1_has_the_deployment_as_model():
    assert json.loads(door_to("http://x", service("/openai/v1"), API, "gpt").body)["model"] == "gpt"
    assert "model" not in json.loads(door_to("http://x", service(), API, "gpt").body)


def test_without_a_key_or_a_host_none_is_sent():
    assert door_to("http://x", service(), API, "gpt").headers == {"content-type": "application/json"}
    door = door_to("http://x", service(), API, "gpt", subscription="team-a", key="k", host="apim.azure-api.net")
    assert door.headers == {"host": "apim.azure-api.net", "api-key": "k", "content-type": "application/json"}


def test_a_proxy_in_the_environment_is_gone_around():
    door = Door("openai", "http://127.0.0.1:8480/openai", "{}")
    assert door.curl({"http": "http://proxy:3128"}).startswith("curl --noproxy 127.0.0.1 ")
    assert door.curl({"https": "http://proxy:3128"}).startswith("curl 'http://" if "?" in door.url else "curl http://")


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (["*"], ["*"], ["gpt-4o"]),
        (["*"], ["embeddings", "chat"], ["embeddings", "chat"]),
        (["chat", "embeddings", "o3"], ["o3", "chat"], ["chat", "o3"]),
        (["chat"], ["o3"], []),
    ],
)
def test_only_what_all_members_have_is_asked_for(first: list[str], second: list[str], common: list[str]):
    accounts = [account("a", *first), account("b", *second), account("elsewhere", "other")]
    assert common_deployments(service(), API, accounts) == common


def test_an_api_over_a_pool_comes_before_one_over_a_backend_and_one_for_reading_does_not_count():
    reading = Api("models", "m", ("GET",), "api-key", (), ("pool",))
    single = Api("single", "s", ("POST",), "api-key", (), ("a",))
    nowhere = Api("mock", "x", ("POST",), "api-key", (), ())

    def chosen(*apis: Api) -> str | None:
        found = api_to_call(service(apis=apis))
        return found[0].name if found else None

    assert chosen(reading, nowhere, single, API) == "openai"
    assert chosen(reading, nowhere, single) == "single"
    assert chosen(reading, nowhere) is None
