"""The wheel: what `pip install` of this repository gives another project."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
SHIPPED = {"components": "apim_ai_gateway", "twin": "apim_twin"}


def test_every_folder_of_the_components_and_the_twin_is_a_package_of_the_wheel():
    found = {
        ".".join((package, *init.parent.relative_to(ROOT / folder).parts))
        for folder, package in SHIPPED.items()
        for init in (ROOT / folder).rglob("__init__.py")
    }
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_every_file_that_is_read_at_run_time_is_in_the_wheel():
    data = PROJECT["tool"]["setuptools"]["package-data"]
    shipped = {"/".join((package.replace(".", "/"), name)) for package, names in data.items() for name in names}
    expected = {"apim_ai_gateway/py.typed", "apim_twin/py.typed", "apim_twin/azure/estate.yaml"}
    assert expected <= shipped
    for name in shipped:
        package, _, rest = name.partition("/")
        folder = next(folder for folder, shipped_as in SHIPPED.items() if shipped_as == package)
        assert (ROOT / folder / rest).is_file(), name


def test_the_components_and_the_twin_import_relatively_since_they_ship_under_other_names():
    for folder in SHIPPED:
        for file in (ROOT / folder).rglob("*.py"):
            if "venv" in file.parts or (file.parent == ROOT / "components" and file.name == "__main__.py"):
                continue  # the plugin's entry runs as a script from its folder
            for line in file.read_text().splitlines():
                assert not line.startswith((f"from {folder}", f"import {folder}")), f"{file}: {line}"
