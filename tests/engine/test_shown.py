"""The reference as a person meets it: `up` with its demonstration, then everything that shows what goes on."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.docs import written
from tests.support.twin import REPOSITORY

pytestmark = pytest.mark.engine

ANY_PORTS = ("--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0")


@dataclass
class Shown:
    """A state folder of its own, and what `up` said when it deployed the reference there."""

    state: Path
    said: str = ""

    def starts(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "twin", *words],
            cwd=REPOSITORY,
            env={**os.environ, "APIM_TWIN_HOME": str(self.state)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def types(self, *words: str) -> str:
        process = self.starts(*words)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == 0, said
        assert "Traceback" not in said
        return said

    def asks(self, path: str) -> Any:
        arm = json.loads((self.state / "twin.json").read_text())["arm"]
        with urllib.request.urlopen(arm + path) as answer:
            return json.load(answer)

    def faults(self) -> list[str]:
        return [account["name"] for account in self.asks("/_twin/accounts") if account["faults"]]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    made = Shown(tmp_path_factory.mktemp("twin"))
    made.said = made.types("up", *ANY_PORTS)
    yield made
    process = psutil.Process(json.loads((made.state / "twin.json").read_text())["pid"])
    process.terminate()
    process.wait(10)


def numbers(said: str, row: str) -> list[int]:
    found = re.search(rf"^ +{row} +(.*)$", said, re.MULTILINE)
    assert found, said
    return [int(number) for number in found[1].split()]


def test_the_demonstration_shows_who_takes_over_while_callers_keep_getting_200(shown: Shown):
    primary = numbers(shown.said, "aoai-eus2-1, priority 1")
    first, second = numbers(shown.said, "aoai-eus-1, priority 2"), numbers(shown.said, "aoai-eus-2, priority 2")

    assert primary[0] >= 40
    assert primary[1] <= 2
    assert primary[2] >= 40
    assert abs(first[1] - second[1]) <= 2
    assert first[1] + second[1] >= 80
    assert [first[0], second[0]] == [0, 0]
    turned_away = numbers(shown.said, "503 from an account")
    assert (turned_away[0], turned_away[2]) == (0, 0)
    assert 1 <= turned_away[1] <= 3  # as many calls as were under way when the breaker opened
    assert re.search(r"^  All \d+ calls were answered with 200\.$", shown.said, re.MULTILINE)
    assert shown.faults() == []


def test_the_line_that_up_prints_works_when_it_is_pasted(shown: Shown):
    line = re.search(r"^  curl .*\\\n.*\\\n.*$", shown.said, re.MULTILINE)
    assert line, shown.said

    done = subprocess.run(["sh", "-c", line[0]], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["choices"][0]["message"]["role"] == "assistant"


def test_an_up_that_changes_nothing_demonstrates_nothing(shown: Shown):
    said = shown.types("up")

    assert "nothing changed" in said
    assert "Demonstration" not in said
    assert said.rstrip().endswith(" watch")


def test_status_tells_accounts_and_their_trouble(shown: Shown):
    shown.types("break", "aoai-eus-1", "--status", "429", "--retry-after", "7")
    said = shown.types("status")
    shown.types("heal")

    assert re.search(r"^  account +aoai-eus2-1, well$", said, re.MULTILINE)
    assert re.search(r"^  account +aoai-eus-1, every request gets 429 with Retry-After 7$", said, re.MULTILINE)


def test_an_account_is_broken_watched_and_healed_as_the_readme_says(shown: Shown):
    [commands] = written("README.md", "test_an_account_is_broken_watched_and_healed_as_the_readme_says")
    typed = [line.removeprefix(".venv/bin/python -m twin ").split() for line in commands.splitlines()]
    assert [words[0] for words in typed] == ["break", "watch", "heal"]

    broken = shown.types(*typed[0])
    watched = shown.types(*typed[1], "--once")
    healed = shown.types(*typed[2])

    assert broken.startswith("aoai-eus2-1 is broken: every request gets 503, for 60 s (until ")
    assert re.search(r"^ +1  aoai-eus2-1  closed +0\.0 ", watched, re.MULTILINE), watched
    assert healed == "aoai-eus2-1 is whole again.\n"


def test_watch_tells_scripts_what_it_shows_people(shown: Shown):
    told = json.loads(shown.types("watch", "--json", "--once"))

    [pool] = told["pools"]
    assert pool["name"] == "openaiopool"
    first = pool["members"][0]
    assert (first["backend"], first["priority"], first["open"]) == ("aoai-eus2-1", 1, [0.0])
    assert first["attempts"]["200"] >= 80


def test_whoever_interrupts_a_demonstration_leaves_nothing_broken(shown: Shown):
    with shown.starts("demo") as demo:
        assert demo.stdout
        heard = next(line for line in demo.stdout if "is broken" in line)
        demo.send_signal(signal.SIGINT)
        said = demo.stdout.read()

    assert demo.returncode == 130
    assert heard.startswith("  aoai-eus2-1 is broken: ")
    assert "What it broke is healed" in said
    assert shown.faults() == []
