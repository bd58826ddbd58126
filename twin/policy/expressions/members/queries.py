"""The functions behind System.Linq.Enumerable. Queries run when they are looked at, as in .NET."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .. import types as t
from ..dictionaries import HashSet
from ..errors import invalid_cast, out_of_range
from ..json_casts import default_of
from ..values import Array, NetList, Sequence, is_instance, type_of, unboxer, unchanged

Test = Callable[[Any], bool]
Key = Callable[[Any], Any]
Both = Callable[[Any, Any], Any]


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


def lazy(function: Callable[..., Iterator[Any]]) -> Callable[..., Sequence]:
    """A function on an iterable as one whose result can be enumerated again and again."""

    @functools.wraps(function)
    def query(source: Iterable[Any], *args: Any) -> Sequence:
        if type(source) is NetList:
            return Sequence(lambda: function(unchanged(source), *args))
        return Sequence(lambda: function(source, *args))

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
def select_many_indexed(source: Iterable[Any], selector: Callable[[Any, int], Iterable[Any]]) -> Iterator[Any]:
    return (inner for index, item in enumerate(source) for inner in selector(item, index))


@lazy
def take_while_indexed(source: Iterable[Any], test: Callable[[Any, int], bool]) -> Iterator[Any]:
    return (item for _, item in itertools.takewhile(lambda one: test(one[1], one[0]), enumerate(source)))


@lazy
def skip_while_indexed(source: Iterable[Any], test: Callable[[Any, int], bool]) -> Iterator[Any]:
    return (item for _, item in itertools.dropwhile(lambda one: test(one[1], one[0]), enumerate(source)))


@lazy
def take_while(source: Iterable[Any], test: Test) -> Iterator[Any]:
    return itertools.takewhile(test, source)


@lazy
def skip_while(source: Iterable[Any], test: Test) -> Iterator[Any]:
    return itertools.dropwhile(test, source)


@lazy
def concat(first: Iterable[Any], second: Iterable[Any]) -> Iterator[Any]:
    return itertools.chain(first, second)


def _set(source: Iterable[Any], comparer: Any) -> HashSet:
    return HashSet(t.OBJECT, source, comparer.normal if comparer else None)


@lazy
def distinct(source: Iterable[Any], comparer: Any = None) -> Iterator[Any]:
    return iter(_set(source, comparer))


@lazy
def union(first: Iterable[Any], second: Iterable[Any], comparer: Any = None) -> Iterator[Any]:
    return iter(_set(itertools.chain(first, second), comparer))


@lazy
def difference(first: Iterable[Any], second: Iterable[Any], comparer: Any = None) -> Iterator[Any]:
    without = _set(second, comparer)
    return (item for item in _set(first, comparer) if not without.has(item))


@lazy
def intersect(first: Iterable[Any], second: Iterable[Any], comparer: Any = None) -> Iterator[Any]:
    within = _set(second, comparer)
    return (item for item in _set(first, comparer) if within.has(item))


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


def groups(key_type: t.Type, element: t.Type, source: Iterable[Any], key: Key, pick: Key) -> list[Grouping]:
    return [Grouping(name, items, (key_type, element)) for name, items in _by_key(source, key, pick).items()]


def _by_key(items: Iterable[Any], key: Key, pick: Key = lambda item: item) -> dict[Any, list[Any]]:
    """What is picked of the items that have each key."""
    found: dict[Any, list[Any]] = {}
    for item in items:
        found.setdefault(key(item), []).append(pick(item))
    return found


@lazy
def join(outer: Iterable[Any], inner: Iterable[Any], outer_key: Key, inner_key: Key, result: Both) -> Iterator[Any]:
    found = _by_key(inner, inner_key)
    return (result(one, other) for one in outer for other in found.get(outer_key(one), ()))


@lazy
def group_join(
    outer: Iterable[Any], inner: Iterable[Any], outer_key: Key, inner_key: Key, result: Both
) -> Iterator[Any]:
    found = _by_key(inner, inner_key)
    return (result(one, found.get(outer_key(one), [])) for one in outer)


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
