"""Dictionary<K, V> and HashSet<T>, with the comparer that they were made with."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import types as t
from .errors import Thrown, argument, argument_null, invalid_operation
from .values import MODIFIED, NetList, Pair

Normal = Callable[[Any], Any]


class Dictionary:
    """Entries in the order in which they were added, found by their key or by what a comparer makes of it."""

    __slots__ = ("changes", "entries", "normal", "types")

    def __init__(self, key: t.Type, value: t.Type, normal: Normal | None = None) -> None:
        self.types = (key, value)
        self.normal = normal
        self.entries: dict[Any, Pair] = {}
        self.changes = 0

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
        self.changes += 1
        self.entries[place] = Pair(key if known is None else known.key, value)

    def add(self, key: Any, value: Any) -> None:
        if self.place(key) in self.entries:
            raise argument("An item with the same key has already been added.")
        self.put(key, value)

    def find(self, key: Any) -> Pair | None:
        return self.entries.get(self.place(key))

    def take_out(self, key: Any) -> bool:
        self.changes += 1
        return self.entries.pop(self.place(key), None) is not None

    def clear(self) -> None:
        self.changes += 1
        self.entries.clear()

    def __iter__(self) -> Iterator[Pair]:
        return self.unchanged(list(self.entries.values()))

    def unchanged(self, items: list[Any]) -> Iterator[Any]:
        """These items; .NET notices when the dictionary changes meanwhile, be it by a new value for an old key."""
        changes = self.changes
        for item in items:
            if self.changes != changes:
                raise invalid_operation(MODIFIED)
            yield item
        if self.changes != changes:
            raise invalid_operation(MODIFIED)

    def __len__(self) -> int:
        return len(self.entries)


class Entries(NetList):
    """The keys or the values of a dictionary."""

    __slots__ = ("owner",)

    def __init__(self, owner: Dictionary, items: list[Any], element: t.Type) -> None:
        super().__init__(items, element)
        self.owner = owner

    def __iter__(self) -> Iterator[Any]:
        return self.owner.unchanged(list(super().__iter__()))


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
        size = len(self.entries)
        for item in list(self.entries.values()):
            yield item
            if len(self.entries) != size:
                raise invalid_operation(MODIFIED)

    def __len__(self) -> int:
        return len(self.entries)


def key_not_found() -> Thrown:
    message = "The given key was not present in the dictionary."
    return Thrown("System.Collections.Generic.KeyNotFoundException", message)


_ABSENT = object()
