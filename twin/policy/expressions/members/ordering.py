"""OrderBy and ThenBy, and what .NET orders by."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from ..errors import Thrown
from ..json_tokens import Value
from ..values import Char, Sequence
from .text_functions import culture_key


class Ordered(Sequence):
    """An IOrderedEnumerable: it keeps its keys, so that ThenBy can add one."""

    __slots__ = ("keys", "source")

    def __init__(self, source: Iterable[Any], keys: list[tuple[Callable[[Any], Any], bool]]) -> None:
        """`keys` yield what Python can sort by, and say whether the order is descending."""
        self.source = source
        self.keys = keys
        super().__init__(self._sorted)

    def _sorted(self) -> Iterator[Any]:
        items = list(self.source)
        for key, descending in reversed(self.keys):
            items.sort(key=key, reverse=descending)
        return iter(items)


def sort_key(value: Any) -> Any:
    """What Comparer.Default orders by: texts by culture, all else by value, null first."""
    if isinstance(value, Value):
        value = value.value
    if value is None:
        return (0, 0)
    if isinstance(value, str):
        return (1, value if isinstance(value, Char) else culture_key(value))
    if isinstance(value, (int, float, Decimal)) or (
        hasattr(type(value), "__lt__") and type(value).__module__ != "builtins"
    ):
        return (1, value)
    raise Thrown("System.ArgumentException", "At least one object must implement IComparable.")


def ordering(*, descending: bool) -> Callable[..., Ordered]:
    """OrderBy; `sortable` makes what Python can sort by of a key."""

    def order(source: Any, key: Callable[[Any], Any], sortable: Callable[[Any], Any]) -> Ordered:
        return Ordered(source, [(lambda item: sortable(key(item)), descending)])

    return order


def further_ordering(*, descending: bool) -> Callable[..., Ordered]:
    first = ordering(descending=descending)

    def then(source: Any, key: Callable[[Any], Any], sortable: Callable[[Any], Any]) -> Ordered:
        return Ordered(source.source, [*source.keys, *first((), key, sortable).keys])

    return then
