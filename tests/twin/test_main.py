"""`python -m twin` with a Python, or a set of packages, that it cannot run on."""

import subprocess
import sys

import pytest

from tests.support.twin import REPOSITORY
from twin import __main__ as command


def test_a_python_that_is_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))

    with pytest.raises(SystemExit) as ended:
        command.main()

    assert ended.value.code == f"error: this is Python 3.10 ({sys.executable}); the twin needs 3.11 or later"


def test_packages_that_are_missing_are_told_with_a_way_to_get_them():
    bare = [sys.executable, "-S", "-m", "twin", "up"]  # without the virtual environment's packages
    done = subprocess.run(bare, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == (
        f"error: {sys.executable} has no package typer, which the twin needs: run `make up` instead, or install "
        "requirements-dev.txt (or apim-ai-gateway[twin])\n"
    )
