"""The two commands that README.md begins with, as it shows them."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.docs import written
from tests.support.twin import REPOSITORY

pytestmark = pytest.mark.engine

TEST = "test_make_up_says_what_the_readme_shows_and_make_down_takes_it_down"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    if (running := tmp_path / "twin.json").exists():
        server = psutil.Process(json.loads(running.read_text())["pid"])
        server.terminate()
        server.wait(10)


def typed(command: str, state: Path, **more: str) -> str:
    """Run what a person types at the repository's root, who has no environment active; returns what they read."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE") and name != "MFLAGS"}
    environment = {**inherited, "APIM_TWIN_HOME": str(state), **more}
    done = subprocess.run(command.split(), cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def comparable(said: str) -> list[str]:
    """Lines without what differs each time: ids, ports, keys, counts, and the order in which resources were done."""
    for differs in (r"(?<=apim)[0-9a-f]{8}", r"[0-9a-f]{8}-[0-9a-f-]{27}", r"(?<=127\.0\.0\.1:)\d+", r"[0-9a-f]{32}"):
        said = re.sub(differs, "…", said)
    return sorted({re.sub(r" +\d+\b", " …", line).strip() for line in said.splitlines()} - {""})


def test_make_up_says_what_the_readme_shows_and_make_down_takes_it_down(state: Path):
    up, shown = written("README.md", TEST)

    said = typed(up, state, ARGS="--arm-port 0 --gateway-port 0 --accounts-port 0")
    down = typed("make down", state)

    assert [line for line in comparable(shown) if line not in comparable(said)] == []
    assert "resources deleted" in down
    assert not (state / "twin.json").exists()
