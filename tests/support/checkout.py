"""The program in a folder of its own, for commands that write into the folder they run in."""

from pathlib import Path

from tests.support.wheel import ROOT, SHIPPED

# With the virtual environment, where there is one, as Pulumi.yaml names it.
PROGRAM = ("Pulumi.yaml", "__main__.py", "settings.py", *SHIPPED.values(), ".venv")


def checkout(folder: Path) -> Path:
    """Make the folder hold the program, without any stack's configuration. Returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PROGRAM:
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)
    return folder
