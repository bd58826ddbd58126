"""The wheel: what `pip install` of this repository gives another project."""

import ast
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.wheel import ROOT, SHIPPED, built_wheel, files_of

pytestmark = pytest.mark.clients

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_wheel(tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_file_of_the_components_and_the_twin_and_nothing_else(wheel: Path):
    expected = {
        f"{package}/{file.relative_to(ROOT / folder).as_posix()}"
        for package, folder in SHIPPED.items()
        for file in files_of(ROOT / folder)
    }
    with ZipFile(wheel) as content:
        held = {name for name in content.namelist() if ".dist-info/" not in name}
    assert held == expected


def test_type_checkers_are_told_that_both_packages_are_typed(wheel: Path):
    with ZipFile(wheel) as content:
        assert {"apim_ai_gateway/py.typed", "apim_twin/py.typed"} <= set(content.namelist())


def test_the_components_are_imported_from_the_wheel_without_the_twins_packages(wheel: Path, tmp_path: Path):
    asked = (
        "import sys, apim_ai_gateway as package; print(package.__file__.startswith(sys.argv[1]), package.__version__,"
        " sorted({'aiohttp', 'azure', 'typer'} & set(sys.modules)))"
    )
    with ZipFile(wheel) as content:
        content.extractall(tmp_path)
    command = [sys.executable, "-c", asked, str(tmp_path)]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said == f"True {PROJECT['version']} []\n"


def test_every_package_that_the_twin_needs_is_one_that_the_tests_run_with():
    for needed in (*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["twin"]):
        requirement = Requirement(needed)
        assert requirement.specifier.contains(metadata.version(requirement.name)), needed


def test_whatever_is_imported_comes_with_the_wheel():
    declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["twin"]]
    for folder, needed in (("components", PROJECT["dependencies"]), ("twin", declared)):
        installed, providers = closure(needed), metadata.packages_distributions()
        imported = {
            name.partition(".")[0]
            for file in files_of(ROOT / folder)
            if file.suffix == ".py"
            for node in ast.walk(ast.parse(file.read_text()))
            for name in imported_names(node)
        }
        missing = {
            module: packages
            for module in imported
            if (packages := providers.get(module)) and not installed & {canonicalize_name(one) for one in packages}
        }
        assert missing == {}


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []


def closure(requirements: list[str]) -> set[str]:
    """The packages that pip installs for requirements, and for those in turn."""
    found: set[str] = set()
    waiting = list(requirements)
    while waiting:
        requirement = Requirement(waiting.pop())
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        name = canonicalize_name(requirement.name)
        if wanted and name not in found:
            found.add(name)
            waiting += metadata.requires(name) or []
    return found


def test_the_components_and_the_twin_import_relatively_since_they_ship_under_other_names():
    for folder in SHIPPED.values():
        for file in files_of(ROOT / folder):
            if file.suffix != ".py" or file == ROOT / "components" / "__main__.py":
                continue  # the plugin's entry runs as a script from its folder
            for line in file.read_text().splitlines():
                assert not line.startswith((f"from {folder}", f"import {folder}")), f"{file}: {line}"
