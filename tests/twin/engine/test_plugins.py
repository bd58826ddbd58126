"""The stand-in provider lies where only a CLI in the twin's environment looks for it."""

import subprocess
import sys
from pathlib import Path

from twin.engine.plugins import install_provider, installed_versions, python_command


def program(home: Path, version: str) -> Path:
    return home / "plugins" / f"resource-azure-native-v{version}" / "pulumi-resource-azure-native"


def test_it_is_offered_as_each_version_that_is_asked_for(tmp_path: Path):
    install_provider(tmp_path, {"3.29.0", "3.30.1"})

    found = {file.relative_to(tmp_path): oct(file.stat().st_mode & 0o777) for file in tmp_path.rglob("pulumi-*")}
    assert found == {
        Path("plugins/resource-azure-native-v3.29.0/pulumi-resource-azure-native"): "0o755",
        Path("plugins/resource-azure-native-v3.30.1/pulumi-resource-azure-native"): "0o755",
    }


def test_one_that_is_right_already_is_left_alone(tmp_path: Path):
    install_provider(tmp_path, {"3.29.0"})
    before = program(tmp_path, "3.29.0").stat()

    install_provider(tmp_path, {"3.29.0"})

    assert program(tmp_path, "3.29.0").stat().st_ino == before.st_ino


def test_one_of_another_checkout_is_replaced_in_one_go(tmp_path: Path):
    program(tmp_path, "3.29.0").parent.mkdir(parents=True)
    program(tmp_path, "3.29.0").write_text("#!/bin/sh\nexec /elsewhere/python\n")

    install_provider(tmp_path, {"3.29.0"})

    assert sys.executable in program(tmp_path, "3.29.0").read_text()
    assert [file.name for file in program(tmp_path, "3.29.0").parent.iterdir()] == ["pulumi-resource-azure-native"]


def test_the_version_is_that_of_the_programs_virtual_environment_too(tmp_path: Path):
    own = installed_versions(None)
    (tmp_path / "lib" / "python3.12" / "site-packages" / "pulumi_azure_native-3.99.0.dist-info").mkdir(parents=True)

    assert own == {"3.29.0"}
    assert installed_versions(tmp_path) == {"3.29.0", "3.99.0"}
    assert installed_versions(tmp_path / "missing") == {"3.29.0"}


def test_a_module_of_the_twin_runs_from_whichever_folder(tmp_path: Path):
    """Also from one that has a `twin` of its own."""
    (tmp_path / "twin.py").write_text("raise SystemExit('the wrong one')")

    command = [*python_command("__main__"), "status"]
    environment = {"APIM_TWIN_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.stdout.startswith("The twin does not run."), done.stderr
