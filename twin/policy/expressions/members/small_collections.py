"""HashSet, Queue, Stack and Tuple."""

from collections.abc import Iterable
from typing import Any

from .. import types as t
from ..dictionaries import HashSet
from ..errors import invalid_operation
from ..texts import stringer
from ..values import unchanged
from .signature import Typed


class Line:
    """A Queue (`first` = 0) or a Stack (`first` = -1)."""

    __slots__ = ("element", "first", "items", "name")

    def __init__(self, name: str, element: t.Type, items: Iterable[Any], first: int) -> None:
        self.name = name
        self.element = element
        self.items = list(items)
        self.first = first

    @property
    def net_type(self) -> t.Type:
        return t.make(self.name, self.element)

    def peek(self) -> Any:
        if not self.items:
            raise invalid_operation(f"{self.name} empty.")
        return self.items[self.first]

    def take(self) -> Any:
        value = self.peek()
        self.items.pop(self.first)
        return value

    def __iter__(self) -> Any:
        return unchanged(self.items) if self.first == 0 else iter(self.items[::-1])

    def __len__(self) -> int:
        return len(self.items)


def _union(items: HashSet, other: Iterable[Any]) -> None:
    for item in other:
        items.add(item)


def _except(items: HashSet, other: Iterable[Any]) -> None:
    for item in list(other):
        items.take_out(item)


def _intersect(items: HashSet, other: Iterable[Any]) -> None:
    kept = HashSet(items.element, other, items.normal)
    for item in list(items):
        if not kept.has(item):
            items.take_out(item)


class NetTuple:
    """A System.Tuple."""

    __slots__ = ("types", "values")

    def __init__(self, types: tuple[t.Type, ...], values: tuple[Any, ...]) -> None:
        self.types = types
        self.values = values

    @property
    def net_type(self) -> t.Type:
        return t.make("Tuple", *self.types)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NetTuple) and self.types == other.types and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.values)

    def net_string(self) -> str:
        return f"({', '.join(stringer(kind)(value) for kind, value in zip(self.types, self.values, strict=True))})"


def _tuples() -> dict[str, Any]:
    table: dict[str, Any] = {}
    letters = "TUVW"
    for count in range(1, 5):
        args = ", ".join(letters[:count])
        declared = ", ".join(f"{letter} item{n}" for n, letter in enumerate(letters[:count], 1))

        def make(*given: Any, count: int = count) -> NetTuple:
            return NetTuple(given[:count], given[count:])

        table[f"static Tuple<{args}> Tuple.Create<{args}>({declared})"] = Typed(make)
        table[f"new Tuple<{args}>({declared})"] = Typed(make)
        for n, letter in enumerate(letters[:count]):
            table[f"{letter} Tuple<{args}>.Item{n + 1}"] = lambda value, n=n: value.values[n]
    return table


MEMBERS: dict[str, Any] = {
    **_tuples(),
    # Sets
    "new HashSet<T>()\nnew HashSet<T>(IEnumerable<T>! collection)": Typed(
        lambda element, items=(): HashSet(element, items)
    ),
    "new HashSet<T>(StringComparer comparer)": Typed(lambda element, comparer: HashSet(element, (), comparer.normal)),
    "new HashSet<T>(IEnumerable<T>! collection, StringComparer comparer)": Typed(
        lambda element, items, comparer: HashSet(element, items, comparer.normal)
    ),
    "bool HashSet<T>.Add(T item)": HashSet.add,
    "bool HashSet<T>.Contains(T item)": HashSet.has,
    "bool HashSet<T>.Remove(T item)": HashSet.take_out,
    "int HashSet<T>.Count": len,
    "void HashSet<T>.Clear()": lambda items: items.entries.clear(),
    "void HashSet<T>.UnionWith(IEnumerable<T>! other)": _union,
    "void HashSet<T>.ExceptWith(IEnumerable<T>! other)": _except,
    "void HashSet<T>.IntersectWith(IEnumerable<T>! other)": _intersect,
    "bool HashSet<T>.SetEquals(IEnumerable<T>! other)": lambda a, b: set(a) == set(b),
    "bool HashSet<T>.Overlaps(IEnumerable<T>! other)": lambda items, other: any(items.has(item) for item in other),
    "bool HashSet<T>.IsSubsetOf(IEnumerable<T>! other)": lambda a, b: set(a) <= set(b),
    "bool HashSet<T>.IsSupersetOf(IEnumerable<T>! other)": lambda items, other: all(items.has(item) for item in other),
    # Queues and stacks
    "new Queue<T>()\nnew Queue<T>(IEnumerable<T>! collection)": Typed(lambda e, items=(): Line("Queue", e, items, 0)),
    "void Queue<T>.Enqueue(T item)": lambda line, item: line.items.append(item),
    "T Queue<T>.Dequeue()": Line.take,
    "T Queue<T>.Peek()\nT Stack<T>.Peek()": Line.peek,
    "new Stack<T>()\nnew Stack<T>(IEnumerable<T>! collection)": Typed(lambda e, items=(): Line("Stack", e, items, -1)),
    "void Stack<T>.Push(T item)": lambda line, item: line.items.append(item),
    "T Stack<T>.Pop()": Line.take,
    "int Queue<T>.Count\nint Stack<T>.Count": len,
    "void Queue<T>.Clear()\nvoid Stack<T>.Clear()": lambda line: line.items.clear(),
}
