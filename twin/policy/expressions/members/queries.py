"""The functions behind System.Linq.Enumerable. Queries run when they are looked at, as in .NET."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from .. import types as t
from ..dictionaries import HashSet
from ..errors import Thrown, invalid_cast, out_of_range
from ..json_casts import default_of
from ..json_tokens import Value
from ..values import Array, Char, NetList, Sequence, is_instance, type_of, unboxer
from .text_functions import culture_key

Test = Callable[[Any], bool]


class Grouping:
    """An IGrouping: a key and what belongs to it."""

    __slots__ = ("items", "key", "types")

    def __init__(self, key: Any, items: list[Any], types: tuple[t.Type, t.Type]) -> None:
        self.key = key
        self.items = items
        self.types = types

    @property
    def net_type(self) -> t.Type:
        return t.make("IGrouping", *self.types)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)


class Ordered(Sequence):
    """An IOrderedEnumerable: it keeps its keys, so that ThenBy can add one."""

    __slots__ = ("keys", "source")

    def __init__(self, source: Iterable[Any], keys: list[tuple[Callable[[Any], Any], bool]]) -> None:
        self.source = source
        self.keys = keys
        super().__init__(self._sorted)

    def _sorted(self) -> Iterator[Any]:
        items = list(self.source)
        for key, descending in reversed(self.keys):
            items.sort(key=lambda item, key=key: sort_key(key(item)), reverse=descending)
        return iter(items)


def sort_key(value: Any) -> Any:
    """What Comparer.Default orders by: texts by culture, all else by value, null first."""
    if isinstance(value, Value):
        value = value.value
    if value is None:
        return (0, 0)
    if isinstance(value, str) and not isinstance(value, Char) and len(value) != 1:
        return (1, culture_key(value))
    if isinstance(value, str):
        return (1, culture_key(value) if not isinstance(value, Char) else value)
    if isinstance(value, (int, float, Decimal, str)) or (
        hasattr(type(value), "__lt__") and type(value).__module__ != "builtins"
    ):
        return (1, value)
    raise Thrown("System.ArgumentException", "At least one object must implement IComparable.")


def lazy(function: Callable[..., Iterator[Any]]) -> Callable[..., Sequence]:
    """A generator function as one whose result can be enumerated again and again."""

    @functools.wraps(function)
    def query(*args: Any) -> Sequence:
        return Sequence(lambda: function(*args))

    return query


@lazy
def where(source: Iterable[Any], test: Test) -> Iterator[Any]:
    return filter(test, source)


@lazy
def where_indexed(source: Iterable[Any], test: Callable[[Any, int], bool]) -> Iterator[Any]:
    return (item for index, item in enumerate(source) if test(item, index))


@lazy
def select(source: Iterable[Any], selector: Callable[[Any], Any]) -> Iterator[Any]:
    return map(selector, source)


@lazy
def select_indexed(source: Iterable[Any], selector: Callable[[Any, int], Any]) -> Iterator[Any]:
    return (selector(item, index) for index, item in enumerate(source))


@lazy
def select_many(source: Iterable[Any], selector: Callable[[Any], Iterable[Any]]) -> Iterator[Any]:
    return itertools.chain.from_iterable(map(selector, source))


@lazy
def select_many_pairs(
    source: Iterable[Any], selector: Callable[[Any], Iterable[Any]], result: Callable[[Any, Any], Any]
) -> Iterator[Any]:
    return (result(outer, inner) for outer in source for inner in selector(outer))


@lazy
def take(source: Iterable[Any], count: int) -> Iterator[Any]:
    return itertools.islice(source, max(count, 0))


@lazy
def skip(source: Iterable[Any], count: int) -> Iterator[Any]:
    return itertools.islice(source, max(count, 0), None)


@lazy
def take_while(source: Iterable[Any], test: Test) -> Iterator[Any]:
    return itertools.takewhile(test, source)


@lazy
def skip_while(source: Iterable[Any], test: Test) -> Iterator[Any]:
    return itertools.dropwhile(test, source)


@lazy
def concat(first: Iterable[Any], second: Iterable[Any]) -> Iterator[Any]:
    return itertools.chain(first, second)


@lazy
def distinct(source: Iterable[Any], comparer: Any = None) -> Iterator[Any]:
    return iter(HashSet(t.OBJECT, source, comparer.normal if comparer else None))


@lazy
def union(first: Iterable[Any], second: Iterable[Any]) -> Iterator[Any]:
    return iter(HashSet(t.OBJECT, itertools.chain(first, second)))


@lazy
def difference(first: Iterable[Any], second: Iterable[Any]) -> Iterator[Any]:
    without = HashSet(t.OBJECT, second)
    return (item for item in HashSet(t.OBJECT, first) if not without.has(item))


@lazy
def intersect(first: Iterable[Any], second: Iterable[Any]) -> Iterator[Any]:
    within = HashSet(t.OBJECT, second)
    return (item for item in HashSet(t.OBJECT, first) if within.has(item))


@lazy
def reverse(source: Iterable[Any]) -> Iterator[Any]:
    return iter(list(source)[::-1])


@lazy
def zipped(first: Iterable[Any], second: Iterable[Any], result: Callable[[Any, Any], Any]) -> Iterator[Any]:
    return map(result, first, second)


@lazy
def or_default(source: Iterable[Any], default: Any) -> Iterator[Any]:
    items = list(source)
    return iter(items or [default])


def default_if_empty(element: t.Type, source: Iterable[Any]) -> Sequence:
    return or_default(source, default_of(element))


@lazy
def of_type(wanted: t.Type, source: Iterable[Any]) -> Iterator[Any]:
    plain = unboxer(wanted) or (lambda item: item)
    return (plain(item) for item in source if is_instance(item, wanted))


@lazy
def cast(wanted: t.Type, source: Iterable[Any]) -> Iterator[Any]:
    plain = unboxer(wanted) or (lambda item: item)
    for item in source:
        if item is not None and not is_instance(item, wanted):
            have, want = t.full_name(type_of(item)), t.full_name(wanted)
            raise invalid_cast(f"Unable to cast object of type '{have}' to type '{want}'.")
        yield plain(item)


def range_of(start: int, count: int) -> Sequence:
    if count < 0:
        raise out_of_range("count")
    return Sequence(lambda: iter(range(start, start + count)))


def repeat(value: Any, count: int) -> Sequence:
    if count < 0:
        raise out_of_range("count")
    return Sequence(lambda: itertools.repeat(value, count))


def groups(
    key_type: t.Type, element: t.Type, source: Iterable[Any], key: Callable[[Any], Any], pick: Callable[[Any], Any]
) -> list[Grouping]:
    found: dict[Any, Grouping] = {}
    for item in source:
        name = key(item)
        if name not in found:
            found[name] = Grouping(name, [], (key_type, element))
        found[name].items.append(pick(item))
    return list(found.values())


@lazy
def join(
    outer: Iterable[Any],
    inner: Iterable[Any],
    outer_key: Callable[[Any], Any],
    inner_key: Callable[[Any], Any],
    result: Callable[[Any, Any], Any],
) -> Iterator[Any]:
    found: dict[Any, list[Any]] = {}
    for item in inner:
        found.setdefault(inner_key(item), []).append(item)
    return (result(one, other) for one in outer for other in found.get(outer_key(one), ()))


def order(source: Iterable[Any], key: Callable[[Any], Any]) -> Ordered:
    return Ordered(source, [(key, False)])


def order_down(source: Iterable[Any], key: Callable[[Any], Any]) -> Ordered:
    return Ordered(source, [(key, True)])


def then(source: Any, key: Callable[[Any], Any]) -> Ordered:
    return Ordered(source.source, [*source.keys, (key, False)])


def then_down(source: Any, key: Callable[[Any], Any]) -> Ordered:
    return Ordered(source.source, [*source.keys, (key, True)])


class Lookup:
    """An ILookup."""

    __slots__ = ("groups", "types")

    def __init__(self, types: tuple[t.Type, t.Type], groups: list[Grouping]) -> None:
        self.types = types
        self.groups = {group.key: group for group in groups}

    @property
    def net_type(self) -> t.Type:
        return t.make("ILookup", *self.types)

    def __iter__(self) -> Iterator[Grouping]:
        return iter(self.groups.values())

    def __len__(self) -> int:
        return len(self.groups)


def to_list(element: t.Type, source: Iterable[Any]) -> NetList:
    return NetList(source, element)


def to_array(element: t.Type, source: Iterable[Any]) -> Array:
    return Array(source, element)
