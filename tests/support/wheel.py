"""The wheel of this repository, built as pip builds it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {"apim_ai_gateway": "components", "apim_twin": "twin"}
SAYS_HOW = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
MADE = ("__pycache__", "venv", ".venv")  # what tools leave in a folder, and no part of it


def files_of(folder: Path) -> Iterator[Path]:
    """Every file of the folder that somebody wrote."""
    return (file for file in folder.rglob("*") if file.is_file() and not {*file.parts} & {*MADE})


def built_wheel(folder: Path) -> Path:
    """Build the wheel into `folder`, from a copy: setuptools would keep what an older build/ of the tree holds."""
    source = folder / "source"
    for name in SHIPPED.values():
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns(*MADE))
    for name in SAYS_HOW:
        shutil.copyfile(ROOT / name, source / name)
    # With the setuptools that is installed, so that nothing is fetched.
    how = ["--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *how, str(source)], check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, environment: Path) -> Path:
    """A virtual environment with the wheel; returns the folder of its commands.

    Of this repository it holds what the wheel holds. The packages that the wheel needs are those that the tests run
    with, or, where INSTALL_FROM_INDEX is set, the ones that pip chooses and fetches, which takes a minute.
    """
    venv.create(environment, with_pip=False)
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet"]
    if os.environ.get("INSTALL_FROM_INDEX"):
        command = [*pip, f"{wheel}[twin]", "pytest"]
    else:
        command = [*pip, "--no-deps", str(wheel)]
        [packages] = environment.glob("lib/python*/site-packages")
        (packages / "tests.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    subprocess.run(command, check=True, capture_output=True)
    return environment / "bin"
