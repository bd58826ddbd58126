"""Dictionary<K, V> and HashSet<T>, with the comparer that they were made with."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import types as t
from .errors import Thrown, argument, argument_null
from .values import Pair

Normal = Callable[[Any], Any]


class Dictionary:
    """Entries in the order in which they were added, found by their key or by what a comparer makes of it."""

    __slots__ = ("entries", "normal", "types")

    def __init__(self, key: t.Type, value: t.Type, normal: Normal | None = None) -> None:
        self.types = (key, value)
        self.normal = normal
        self.entries: dict[Any, Pair] = {}

    @property
    def net_type(self) -> t.Type:
        return t.make("Dictionary", *self.types)

    def place(self, key: Any) -> Any:
        if key is None:
            raise argument_null("key")
        return self.normal(key) if self.normal else key

    def item(self, key: Any) -> Any:
        pair = self.entries.get(self.place(key))
        if pair is None:
            raise key_not_found()
        return pair.value

    def put(self, key: Any, value: Any) -> None:
        place = self.place(key)
        known = self.entries.get(place)
        self.entries[place] = Pair(key if known is None else known.key, value)

    def add(self, key: Any, value: Any) -> None:
        if self.place(key) in self.entries:
            raise argument("An item with the same key has already been added.")
        self.put(key, value)

    def find(self, key: Any) -> Pair | None:
        return self.entries.get(self.place(key))

    def take_out(self, key: Any) -> bool:
        return self.entries.pop(self.place(key), None) is not None

    def __iter__(self) -> Iterator[Pair]:
        size = len(self.entries)
        for pair in list(self.entries.values()):
            if len(self.entries) != size:
                message = "Collection was modified; enumeration operation may not execute."
                raise Thrown("System.InvalidOperationException", message)
            yield pair

    def __len__(self) -> int:
        return len(self.entries)


class HashSet:
    """A set that keeps the order in which its elements came."""

    __slots__ = ("element", "entries", "normal")

    def __init__(self, element: t.Type, items: Iterable[Any] = (), normal: Normal | None = None) -> None:
        self.element = element
        self.normal = normal
        self.entries: dict[Any, Any] = {}
        for item in items:
            self.add(item)

    @property
    def net_type(self) -> t.Type:
        return t.make("HashSet", self.element)

    def _place(self, item: Any) -> Any:
        return self.normal(item) if self.normal and item is not None else item

    def add(self, item: Any) -> bool:
        place = self._place(item)
        if place in self.entries:
            return False
        self.entries[place] = item
        return True

    def has(self, item: Any) -> bool:
        return self._place(item) in self.entries

    def take_out(self, item: Any) -> bool:
        return self.entries.pop(self._place(item), _ABSENT) is not _ABSENT

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.entries.values()))

    def __len__(self) -> int:
        return len(self.entries)


def key_not_found() -> Thrown:
    message = "The given key was not present in the dictionary."
    return Thrown("System.Collections.Generic.KeyNotFoundException", message)


_ABSENT = object()
