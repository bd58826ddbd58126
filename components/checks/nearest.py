"""What somebody probably meant."""

import difflib
from collections.abc import Iterable, Iterator

from .shapes import Kind, ListOf, Shape


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like this one, or "": `trip_duration` and `TRIPDURATION` are tripDuration."""
    by_letters = {_letters(candidate): candidate for candidate in known}
    matches = difflib.get_close_matches(_letters(word), by_letters, n=1, cutoff=0.7)
    return by_letters[matches[0]] if matches else ""


def elsewhere(key: str, kind: Kind) -> str:
    """The path further in at which this very key is known: the one least deep, or "" where several are."""
    paths = [path for name, path in _paths(kind, "") if _letters(name) == _letters(key)]
    depth = min((path.count(".") for path in paths), default=0)
    homes = [path for path in paths if path.count(".") == depth]
    return homes[0] if depth and len(homes) == 1 else ""


def _letters(word: str) -> str:
    return "".join(character for character in word.casefold() if character.isalnum())


def _paths(kind: Kind, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(kind, ListOf):
        yield from _paths(kind.item, f"{path}[]")
    elif isinstance(kind, Shape):
        for name, key in kind.keys.items():
            inner = f"{path}.{name}" if path else name
            yield name, inner
            yield from _paths(key.kind, inner)
