"""curl against the gateway, as people paste it."""

import gzip
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.servers import Servers

pytestmark = [
    pytest.mark.clients,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here"),
]

CHAT = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
HELLO = '{"messages": [{"role": "user", "content": "hello"}]}'


def curl(servers: Servers, *options: str, target: str = CHAT, key: str = "") -> str:
    command = ["curl", "--silent", "--show-error", "--max-time", "20", f"{servers.gateway}{target}"]
    headers = ["-H", f"api-key: {key or servers.key}", "-H", "Content-Type: application/json"]
    run = subprocess.run([*command, *headers, *options], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_a_chat_completion(servers: Servers) -> None:
    assert json.loads(curl(servers, "-d", HELLO))["choices"][0]["message"]["role"] == "assistant"


def test_a_stream(servers: Servers) -> None:
    events = curl(servers, "-N", "-d", HELLO[:-1] + ', "stream": true}').split("\n\n")
    assert all(event.startswith("data: ") for event in events[:-1])
    assert events[-2:] == ["data: [DONE]", ""]


def test_head_options_and_other_methods_are_404_without_a_call(servers: Servers) -> None:
    said = "%{http_code}"
    assert curl(servers, "--head", "-o", "/dev/null", "-w", said) == "404"
    for method in ("OPTIONS", "PUT", "PATCH"):
        assert curl(servers, "-X", method, "-o", "/dev/null", "-w", said) == "404"
    assert servers.all_visits() == {}


def test_a_wrong_key_is_401_and_no_key_is_401(servers: Servers) -> None:
    for key in ("wrong", " "):
        error = json.loads(curl(servers, "-d", HELLO, key=key))["error"]
        assert error["code"] == "401"


def test_the_key_in_the_query(servers: Servers) -> None:
    target = f"{CHAT}&api-key={servers.key}"
    assert "choices" in curl(servers, "-d", HELLO, "-H", "api-key:", target=target)
    [visit] = servers.visits("aoai-eus2-1")
    assert visit["query"] == {"api-version": "2024-10-21"}


def test_a_prompt_of_two_mebibytes_for_which_curl_asks_first(servers: Servers, tmp_path: Path) -> None:
    prompt = tmp_path / "prompt.json"
    prompt.write_text(json.dumps({"messages": [{"role": "user", "content": "word " * 420_000}]}))
    run = curl(servers, "--data-binary", f"@{prompt}", "-H", "Expect: 100-continue", "-w", "\n%{http_code}")
    body, _, status = run.rpartition("\n")
    assert status == "200"
    assert json.loads(body)["usage"]["prompt_tokens"] > 400_000


def test_a_packed_body(servers: Servers, tmp_path: Path) -> None:
    packed = tmp_path / "body.gz"
    packed.write_bytes(gzip.compress(HELLO.encode()))
    said = curl(servers, "--data-binary", f"@{packed}", "-H", "Content-Encoding: gzip")
    assert "choices" in json.loads(said)


def test_http_1_0_gets_a_whole_answer(servers: Servers) -> None:
    assert curl(servers, "--http1.0", "-N", "-d", HELLO[:-1] + ', "stream": true}').endswith("data: [DONE]\n\n")


def test_an_answer_that_breaks_off_is_an_error_for_curl(servers: Servers) -> None:
    servers.fault("aoai-eus2-1", cutAfter=2)
    for options in ([], ["--http1.0"]):
        body = HELLO[:-1] + ', "stream": true}'
        command = ["curl", "--silent", "-N", *options, f"{servers.gateway}{CHAT}", "-H", f"api-key: {servers.key}"]
        run = subprocess.run([*command, "-d", body], capture_output=True, text=True, check=False)
        assert run.returncode != 0
        assert "[DONE]" not in run.stdout
