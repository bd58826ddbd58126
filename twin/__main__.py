"""The command `python -m twin`, also installed as `apim-twin`.

This file is read by whichever Python a person happens to have, so that a too old one can be told so.
"""

import sys

OLDEST_PYTHON = (3, 11)


def main():
    if sys.version_info < OLDEST_PYTHON:
        found, needed = (".".join(map(str, version[:2])) for version in (sys.version_info, OLDEST_PYTHON))
        sys.exit("error: this is Python " + found + " (" + sys.executable + "); the twin needs " + needed + " or later")
    try:
        from .command.app import app
    except ModuleNotFoundError as error:
        if str(error.name).startswith(str(__package__)):
            raise
        sys.exit(
            "error: " + sys.executable + " has no package " + str(error.name) + ", which the twin needs: run `make up` "
            "instead, or install requirements-dev.txt (or apim-ai-gateway[twin])"
        )
    app()


if __name__ == "__main__":
    main()
