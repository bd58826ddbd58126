"""examples/python against the wheel, in a virtual environment that knows nothing of this repository."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.support.docs import written
from tests.support.wheel import ROOT, built_wheel, installed

pytestmark = pytest.mark.clients

EXAMPLE = ROOT / "examples" / "python"
ANY_PORTS = ("--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0")
MISTAKE = (
    'from apim_ai_gateway import AIGateway\n\nAIGateway("models", {"service": {}, "backends": [], "breker": {}})\n'
)


@dataclass
class Copy:
    """The example somewhere else, set up as its README says but for where the wheel comes from."""

    folder: Path
    state: Path

    def runs(self, *words: str) -> str:
        """Run a command of its virtual environment; it must succeed. Returns what it says."""
        environment = {**os.environ, "APIM_TWIN_HOME": str(self.state)}
        environment.pop("PYTHONPATH", None)
        command = [str(self.folder / ".venv" / "bin" / words[0]), *words[1:]]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    folder = tmp_path_factory.mktemp("example")
    made = Copy(folder / "project", folder / "state")
    shutil.copytree(EXAMPLE, made.folder, ignore=shutil.ignore_patterns(".venv", "__pycache__", ".pytest_cache"))
    installed(built_wheel(folder), made.folder / ".venv")
    yield made
    if (running := made.state / "twin.json").exists():
        server = psutil.Process(json.loads(running.read_text())["pid"])
        server.terminate()
        server.wait(10)


def test_the_environment_has_the_components_and_the_twin_from_the_wheel(copy: Copy):
    asked = "import apim_ai_gateway, apim_twin; print(apim_ai_gateway.__file__, apim_twin.__file__)"
    for file in copy.runs("python", "-c", asked).split():
        assert Path(file).is_relative_to(copy.folder / ".venv")


def test_the_examples_own_tests_pass(copy: Copy):
    assert re.search(r"^2 passed in ", copy.runs("python", "-m", "pytest", "-q"), re.MULTILINE)


def test_the_wheel_tells_a_type_checker_what_the_components_take(copy: Copy):
    (copy.folder / "mistake.py").write_text(MISTAKE)
    packages = ["--pythonpath", str(copy.folder / ".venv" / "bin" / "python")]
    command = [sys.executable, "-m", "pyright", *packages, "__main__.py", "mistake.py"]
    said = subprocess.run(command, cwd=copy.folder, capture_output=True, text=True, check=False).stdout
    assert '"breker" is an undefined item in type "AIGatewayArgs"' in said
    assert said.endswith("1 error, 0 warnings, 0 informations\n"), said


@pytest.mark.engine
def test_it_is_deployed_on_the_twin_changes_nothing_the_second_time_and_is_taken_down(copy: Copy):
    [told] = written(
        "docs/importing.md", "test_it_is_deployed_on_the_twin_changes_nothing_the_second_time_and_is_taken_down"
    )
    first = copy.runs(*told.split(), *ANY_PORTS)
    second = copy.runs("apim-twin", "up")
    down = copy.runs("apim-twin", "down")

    assert "contoso-models, stack dev: 30 created\n" in first
    assert re.search(r"^  create +apimanagement:Backend +models-payg-swc$", first, re.MULTILINE)
    assert re.search(r"^  endpoint  https://models-apim[0-9a-f]{8}\.azure-api\.net/openai$", first, re.MULTILINE)
    assert "nothing changed, 30 resources are as the program wants them.\n" in second
    assert "contoso-models, stack dev: 30 resources deleted\n" in down
    assert not (copy.state / "twin.json").exists()


def test_the_readme_tells_what_these_tests_run():
    readme = (EXAMPLE / "README.md").read_text()
    commands = re.findall(r"^    (.+)$", readme, re.MULTILINE)
    assert [line.removeprefix(".venv/bin/") for line in commands] == [
        "python3 -m venv .venv",
        "pip install -r requirements.txt",
        "python -m pytest",
        "apim-twin up --estate estate.yaml",
        "apim-twin up",
        "apim-twin down",
    ]
