"""The files that `check` is asked about: names, patterns, folders, and `-` for what is piped in."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..engine.errors import CommandError

PIPED = "-"
_PATTERN = re.compile(r"[*?\[]")
_POLICY = re.compile(r"<(policies|fragment)\b")


@dataclass(frozen=True)
class PolicyFile:
    """`text` is None when the bytes are no UTF-8."""

    name: str
    text: str | None


def policy_files(names: Sequence[str]) -> list[PolicyFile]:
    """Every file once, in the order of the names. Raises CommandError with all names that lead to nothing.

    Of a folder those .xml files are meant that hold a policy or a fragment, at any depth; what is hidden is left out.
    """
    found: dict[str, PolicyFile] = {}
    missing = []
    for name in names:
        here = {one.name: one for one in _files(name)}
        found |= here
        if not here:
            missing.append(f"  {name}")
    if missing:
        raise CommandError("There are no policies to check here:", *missing)
    return list(found.values())


def _files(name: str) -> Iterator[PolicyFile]:
    path = Path(name)
    if name == PIPED:
        yield PolicyFile("<stdin>", _text(sys.stdin.buffer.read()))
    elif path.is_dir():
        yield from _in_folder(path)
    elif path.is_file():
        yield _read(path)
    elif _PATTERN.search(name):
        anchor = Path(path.anchor)
        yield from map(_read, sorted(one for one in anchor.glob(str(path.relative_to(anchor))) if one.is_file()))


def _in_folder(folder: Path) -> Iterator[PolicyFile]:
    for path in sorted(folder.rglob("*.xml")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            file = _read(path)
            if file.text is not None and _POLICY.search(file.text):
                yield file


def _read(path: Path) -> PolicyFile:
    try:
        return PolicyFile(str(path), _text(path.read_bytes()))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
