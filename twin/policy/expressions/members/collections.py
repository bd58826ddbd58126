"""Arrays and List."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from .. import types as t
from ..errors import Thrown, argument, out_of_range
from ..json_casts import default_of
from ..values import Array, NetList, contains, equals, unchanged
from .ordering import sort_key
from .signature import Special, Typed

_BOUNDS = "Index was out of range. Must be non-negative and less than the size of the collection."


def _array_item(items: list[Any], index: int) -> Any:
    if not 0 <= index < len(items):
        raise Thrown("System.IndexOutOfRangeException", "Index was outside the bounds of the array.")
    return items[index]


def _put_array_item(items: list[Any], index: int, value: Any) -> None:
    _array_item(items, index)
    items[index] = value


def _item(items: list[Any], index: int) -> Any:
    if not 0 <= index < len(items):
        raise out_of_range("index", _BOUNDS)
    return items[index]


def _put_item(items: list[Any], index: int, value: Any) -> None:
    _item(items, index)
    items[index] = value
    if isinstance(items, NetList):
        items.changes += 1


def _make_list(element: t.Type, items: Iterable[Any] = ()) -> NetList:
    return NetList(items, element)


def _insert(items: list[Any], index: int, value: Any) -> None:
    if not 0 <= index <= len(items):
        raise out_of_range("index", "Index must be within the bounds of the List.")
    items.insert(index, value)


def _remove(items: list[Any], value: Any) -> bool:
    for index, item in enumerate(items):
        if equals(item, value):
            del items[index]
            return True
    return False


def _remove_at(items: list[Any], index: int) -> None:
    _item(items, index)
    del items[index]


def _remove_all(items: list[Any], test: Callable[[Any], bool]) -> int:
    kept = [item for item in items if not test(item)]
    removed = len(items) - len(kept)
    items[:] = kept
    return removed


def _index_of(items: list[Any], value: Any) -> int:
    return next((index for index, item in enumerate(items) if equals(item, value)), -1)


def _range(items: list[Any], index: int, count: int) -> NetList:
    if index < 0 or count < 0:
        raise out_of_range("index" if index < 0 else "count", "Non-negative number required.")
    if index + count > len(items):
        message = "Offset and length were out of bounds for the array or count is greater than the number of elements"
        raise argument(f"{message} from index to the end of the source collection.")
    element = items.element if isinstance(items, (NetList, Array)) else t.OBJECT
    return NetList(items[index : index + count], element)


def _sort(items: list[Any], comparison: Callable[[Any, Any], int] | None = None) -> None:
    items.sort(key=functools.cmp_to_key(comparison) if comparison else sort_key)


def _copy(source: list[Any], at: int, target: list[Any], to: int, length: int) -> None:
    if min(at, to, length) < 0:
        raise out_of_range("length", "Non-negative number required.")
    if at + length > len(source) or to + length > len(target):
        raise argument("Source array was not long enough. Check srcIndex and length, and the array's lower bounds.")
    target[to : to + length] = source[at : at + length]


def _for_each(items: Iterable[Any], action: Callable[[Any], Any]) -> None:
    for item in unchanged(items):
        action(item)


def _find(element: t.Type, items: Iterable[Any], test: Callable[[Any], bool]) -> Any:
    return next((item for item in items if test(item)), default_of(element))


def _find_index(items: Iterable[Any], test: Callable[[Any], bool]) -> int:
    return next((index for index, item in enumerate(items) if test(item)), -1)


MEMBERS: dict[str, Any] = {
    # Arrays
    "int T[].Length": len,
    "long T[].LongLength": len,
    "T T[][int index]": _array_item,
    "static int Array.IndexOf<T>(T[]! array, T value)": _index_of,
    "static void Array.Reverse<T>(T[]! array)": lambda items: items.reverse(),
    "static void Array.Sort<T>(T[]! array)": _sort,
    "static void Array.Copy<T>(T[]! sourceArray, T[]! destinationArray, int length)": (
        lambda source, target, length: _copy(source, 0, target, 0, length)
    ),
    "static void Array.Copy<T>("
    "T[]! sourceArray, int sourceIndex, T[]! destinationArray, int destinationIndex, int length)": _copy,
    "object T[].Clone()": lambda items: Array(items, items.element),
    "int T[].GetLength(int dimension)": lambda items, _dimension: len(items),
    "static bool Array.Exists<T>(T[]! array, Predicate<T> match)": lambda items, test: any(map(test, items)),
    "static T Array.Find<T>(T[]! array, Predicate<T> match)": Typed(_find),
    "static int Array.FindIndex<T>(T[]! array, Predicate<T> match)": _find_index,
    "static T[] Array.FindAll<T>(T[]! array, Predicate<T> match)": Typed(
        lambda element, items, test: Array([item for item in items if test(item)], element)
    ),
    "static R[] Array.ConvertAll<T, R>(T[]! array, Func<T, R> converter)": Typed(
        lambda _source, element, items, convert: Array([convert(item) for item in items], element)
    ),
    # Lists
    "new List<T>()\nnew List<T>(IEnumerable<T>! collection)": Typed(_make_list),
    "new List<T>(int capacity)": Typed(lambda element, _capacity: NetList((), element)),
    "int ICollection<T>.Count\nint IReadOnlyCollection<T>.Count\nint List<T>.Count": len,
    "T IList<T>[int index]\nT IReadOnlyList<T>[int index]\nT List<T>[int index]": _item,
    "void List<T>.Add(T item)\nvoid ICollection<T>.Add(T item)": list.append,
    "void List<T>.AddRange(IEnumerable<T>! collection)": list.extend,
    "void List<T>.Insert(int index, T item)": _insert,
    "void List<T>.InsertRange(int index, IEnumerable<T>! collection)": lambda items, i, more: items.__setitem__(
        slice(i, i), more
    ),
    "bool List<T>.Remove(T item)\nbool ICollection<T>.Remove(T item)": _remove,
    "void List<T>.RemoveAt(int index)": _remove_at,
    "int List<T>.RemoveAll(Predicate<T> match)": _remove_all,
    "void List<T>.RemoveRange(int index, int count)": lambda items, i, n: (
        _range(items, i, n),
        items.__delitem__(slice(i, i + n)),
    )[1],
    "void List<T>.Clear()": list.clear,
    "int List<T>.IndexOf(T item)\nint IList<T>.IndexOf(T item)": _index_of,
    "bool List<T>.Contains(T item)\nbool ICollection<T>.Contains(T item)": Special(contains),
    "bool List<T>.Exists(Predicate<T> match)": lambda items, test: any(map(test, items)),
    "bool List<T>.TrueForAll(Predicate<T> match)": lambda items, test: all(map(test, items)),
    "T List<T>.Find(Predicate<T> match)": Typed(_find),
    "List<T> List<T>.FindAll(Predicate<T> match)": Typed(lambda e, items, test: NetList(filter(test, items), e)),
    "int List<T>.FindIndex(Predicate<T> match)": _find_index,
    "void List<T>.ForEach(Action<T> action)": _for_each,
    "List<T> List<T>.GetRange(int index, int count)": _range,
    "void List<T>.Sort()\nvoid List<T>.Sort(Comparison<T> comparison)": _sort,
    "void List<string>.Sort(StringComparer comparer)": lambda items, comparer: items.sort(key=comparer.sort_key),
    "T List<T>.FindLast(Predicate<T> match)": Typed(lambda e, items, test: _find(e, items[::-1], test)),
    "int List<T>.LastIndexOf(T item)": lambda items, value: (
        -1 if (at := _index_of(items[::-1], value)) < 0 else len(items) - 1 - at
    ),
    "IReadOnlyList<T> List<T>.AsReadOnly()": lambda items: items,
    "void List<T>.Reverse()": list.reverse,
    "T[] List<T>.ToArray()": Typed(lambda element, items: Array(items, element)),
    "List<R> List<T>.ConvertAll<R>(Func<T, R> converter)": Typed(lambda e, items, f: NetList(map(f, items), e)),
}
SETTERS: dict[str, Any] = {
    "T T[][int index]": _put_array_item,
    "T List<T>[int index]\nT IList<T>[int index]": _put_item,
}
