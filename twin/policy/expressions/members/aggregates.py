"""The functions of System.Linq.Enumerable that look at a sequence at once and yield one value."""

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from .. import types as t
from ..dictionaries import Dictionary, HashSet
from ..errors import invalid_operation, out_of_range, overflow
from ..json_casts import default_of
from ..numbers import in_range
from ..numbers import single as to_single
from ..values import equals
from .ordering import sort_key

Test = Callable[[Any], bool]


_EMPTY = "Sequence contains no elements"


_NO_MATCH = "Sequence contains no matching element"


def matching(source: Iterable[Any], test: Test | None) -> Iterator[Any]:
    return iter(source) if test is None else filter(test, source)


def first(source: Iterable[Any], test: Test | None = None) -> Any:
    for item in matching(source, test):
        return item
    raise invalid_operation(_EMPTY if test is None else _NO_MATCH)


def first_or_default(element: t.Type, source: Iterable[Any], test: Test | None = None) -> Any:
    return next(matching(source, test), default_of(element))


def last(source: Iterable[Any], test: Test | None = None) -> Any:
    items = list(matching(source, test))
    if not items:
        raise invalid_operation(_EMPTY if test is None else _NO_MATCH)
    return items[-1]


def last_or_default(element: t.Type, source: Iterable[Any], test: Test | None = None) -> Any:
    items = list(matching(source, test))
    return items[-1] if items else default_of(element)


def single(source: Iterable[Any], test: Test | None = None) -> Any:
    items = list(itertools.islice(matching(source, test), 2))
    if not items:
        raise invalid_operation(_EMPTY if test is None else _NO_MATCH)
    if len(items) > 1:
        raise invalid_operation(f"Sequence contains more than one {'matching ' if test else ''}element")
    return items[0]


def single_or_default(element: t.Type, source: Iterable[Any], test: Test | None = None) -> Any:
    items = list(itertools.islice(matching(source, test), 2))
    return single(items) if items else default_of(element)


def count(source: Any, test: Test | None = None) -> int:
    if test is None and hasattr(source, "__len__"):
        return len(source)
    return sum(1 for _ in matching(source, test))


def any_of(source: Iterable[Any], test: Test | None = None) -> bool:
    return any(True for _ in matching(source, test))


def all_of(source: Iterable[Any], test: Test) -> bool:
    return all(map(test, source))


def contains_by(source: Iterable[str], value: str, comparer: Any) -> bool:
    return HashSet(t.STRING, source, comparer.normal).has(value)


def element_at(source: Any, index: int) -> Any:
    item = next(itertools.islice(source, index, None), _MISSING) if index >= 0 else _MISSING
    if item is _MISSING:
        raise out_of_range(
            "index", "Index was out of range. Must be non-negative and less than the size of the collection."
        )
    return item


def element_at_or_default(element: t.Type, source: Any, index: int) -> Any:
    return next(itertools.islice(source, index, None), default_of(element)) if index >= 0 else default_of(element)


_MISSING = object()


def extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(element: t.Type, source: Iterable[Any]) -> Any:
        items = [item for item in source if item is not None]
        if not items:
            if t.is_value_type(element) and element.name != "?":
                raise invalid_operation(_EMPTY)
            return None
        return choose(items, key=sort_key)

    return extreme


def sum_of(element: t.Type, source: Iterable[Any]) -> Any:
    total: Any = Decimal(0) if element.name == "decimal" else 0
    for item in source:
        if item is not None:
            total += item
    inner = element.args[0] if element.name == "?" else element
    if inner in (t.DOUBLE, t.FLOAT):
        return to_single(total) if inner is t.FLOAT else float(total)
    if inner in t.INTEGERS and not in_range(total, t.INTEGERS[inner], signed=True):
        raise overflow("Arithmetic operation resulted in an overflow.")
    return total


def average(element: t.Type, source: Iterable[Any]) -> Any:
    items = [item for item in source if item is not None]
    if not items:
        if element.name == "?":
            return None
        raise invalid_operation(_EMPTY)
    if element.name == "decimal":
        return sum(items) / Decimal(len(items))
    return float(sum(items)) / len(items)


def or_null(average: Callable[..., Any]) -> Callable[..., Any]:
    """The average of nullable values, which is null when there is none."""
    return lambda source: average(items) if (items := [item for item in source if item is not None]) else None


def aggregate(source: Iterable[Any], function: Callable[[Any, Any], Any]) -> Any:
    items = iter(source)
    try:
        total = next(items)
    except StopIteration:
        raise invalid_operation(_EMPTY) from None
    return functools.reduce(function, items, total)


def aggregate_from(source: Iterable[Any], seed: Any, function: Callable[[Any, Any], Any]) -> Any:
    return functools.reduce(function, source, seed)


def dictionary(key: t.Type, value: t.Type, source: Iterable[Any], by: Any, pick: Any, comparer: Any) -> Dictionary:
    made = Dictionary(key, value, comparer.normal if comparer else None)
    for item in source:
        made.add(by(item), pick(item))
    return made


def sequence_equal(first: Iterable[Any], second: Iterable[Any]) -> bool:
    left, right = list(first), list(second)
    return len(left) == len(right) and all(map(equals, left, right))
