"""How .NET values live in Python, and what happens when they are boxed.

Within an expression the compiler knows every static type, so all integers are plain `int`, characters one-letter `str`.
A value that becomes an `object` (a context variable, an element of `List<object>`, an argument of string.Format) must
remember its type, because `(long)(object)1` is an InvalidCastException in .NET. What Python's own types cannot tell
apart is then wrapped: Int32 is `int`, Double is `float`, String is `str`, Boolean is `bool`; the others have a class.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from . import types as t
from .definitions import DEFINITIONS
from .errors import invalid_operation


class Boxed:
    """Marks the wrappers of boxed values."""

    __slots__ = ()
    type: t.Type


class Int64(int, Boxed):
    type = t.LONG


class UInt64(int, Boxed):
    type = t.ULONG


class UInt32(int, Boxed):
    type = t.UINT


class Int16(int, Boxed):
    type = t.SHORT


class UInt16(int, Boxed):
    type = t.USHORT


class Byte(int, Boxed):
    type = t.BYTE


class SByte(int, Boxed):
    type = t.SBYTE


class Single(float, Boxed):
    type = t.FLOAT


class Char(str, Boxed):
    type = t.CHAR
    __slots__ = ()


class EnumValue(int):
    """A boxed value of an enum; `type` is the enum."""

    type: t.Type

    def __new__(cls, type: t.Type, value: int) -> "EnumValue":
        made = super().__new__(cls, value)
        made.type = type
        return made


class Array(list[Any]):
    """A .NET array: its element type decides which casts succeed."""

    __slots__ = ("element",)

    def __init__(self, items: Iterable[Any], element: t.Type) -> None:
        super().__init__(items)
        self.element = element


class NetList(list[Any]):
    """A List<T>. `changes` counts the elements that were replaced."""

    __slots__ = ("changes", "element")

    def __init__(self, items: Iterable[Any] = (), element: t.Type = t.OBJECT) -> None:
        super().__init__(items)
        self.element = element
        self.changes = 0


MODIFIED = "Collection was modified; enumeration operation may not execute."


def unchanged(items: Any) -> Iterator[Any]:
    """The elements of a collection that is a list; .NET notices when it changes meanwhile."""
    size, changes = len(items), getattr(items, "changes", 0)
    for item in items:
        yield item
        if len(items) != size or getattr(items, "changes", 0) != changes:
            raise invalid_operation(MODIFIED)


class Sequence:
    """A query that has not run yet: an IEnumerable<T> that starts anew each time it is enumerated."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Iterator[Any]]) -> None:
        self.make = make

    def __iter__(self) -> Iterator[Any]:
        return self.make()


class Pair:
    """A KeyValuePair<K, V>."""

    __slots__ = ("key", "value")

    def __init__(self, key: Any, value: Any) -> None:
        self.key = key
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pair) and self.key == other.key and self.value == other.value

    def __hash__(self) -> int:
        return hash((self.key, self.value))


class Anonymous:
    """An object made with `new { … }`: its values by name, in order; types tell how each is boxed."""

    __slots__ = ("types", "values")

    def __init__(self, types: dict[str, t.Type], values: tuple[Any, ...]) -> None:
        self.types = types
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Anonymous) and self.types == other.types and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.values)


_WRAPPERS: dict[t.Type, Callable[[Any], Any]] = {
    wrapper.type: wrapper for wrapper in (Int64, UInt64, UInt32, Int16, UInt16, Byte, SByte, Single, Char)
}
_WRAPPERS[t.FLOAT] = Single


def boxer(type: t.Type) -> Callable[[Any], Any] | None:
    """What turns a value of a static type into an object; None where nothing needs to be done."""
    if type.name == "?":
        inner = boxer(type.args[0])
        return None if inner is None else lambda value: None if value is None else inner(value)
    if t.is_enum(type):
        return lambda value: EnumValue(type, value)
    return _WRAPPERS.get(type)


_TYPES: dict[type, t.Type] = {bool: t.BOOL, int: t.INT, str: t.STRING, float: t.DOUBLE, Decimal: t.DECIMAL}


_EXACT: dict[t.Type, type] = {net: python for python, net in _TYPES.items()}
_EXACT.update({wrapper.type: wrapper for wrapper in (Int64, UInt64, UInt32, Int16, UInt16, Byte, SByte, Single, Char)})


def register(python: type, type: t.Type) -> None:
    """Names the .NET type of a Python class."""
    _TYPES[python] = type


def type_of(value: Any) -> t.Type:
    """The run-time type of an object that is not null."""
    found = _TYPES.get(type(value))
    if found is not None:
        return found
    if isinstance(value, (Boxed, EnumValue)):
        return value.type
    if isinstance(value, Array):
        return t.array(value.element)
    if isinstance(value, NetList):
        return t.make("List", value.element)
    net_type = getattr(value, "net_type", None)
    return net_type if isinstance(net_type, t.Type) else t.OBJECT


def tester(type: t.Type) -> Callable[[Any], bool]:
    """`is_instance` for one type, as fast as it goes: most casts are to a few plain types."""
    python = _EXACT.get(type)
    if python is not None:
        return lambda value: value.__class__ is python
    return lambda value: is_instance(value, type)


def kept_class(type: t.Type) -> type | None:
    """The Python class of the objects of a type that are plain values already, if there is just one."""
    return _EXACT.get(type) if unboxer(type) is None else None


def is_instance(value: Any, type: t.Type) -> bool:
    """What `value is type` says of an object; false for null."""
    if value is None:
        return False
    wanted = type.args[0] if type.name == "?" else type
    actual = type_of(value)
    return wanted is t.OBJECT or actual is wanted or wanted in t.bases(actual) or _is_covariant(actual, wanted)


def _is_covariant(actual: t.Type, wanted: t.Type) -> bool:
    """`IEnumerable<object>` takes a `List<string>`: interfaces and arrays vary with their reference types."""
    if not wanted.args or (wanted.name not in _COVARIANT):
        return False
    return any(
        base.name == wanted.name
        and all(
            have is want or (not t.is_value_type(have) and want in t.bases(have))
            for have, want in zip(base.args, wanted.args, strict=True)
        )
        for base in t.bases(actual)
    )


_COVARIANT = frozenset({"IEnumerable", "IReadOnlyCollection", "IReadOnlyList", "[]", "IList", "ICollection"})


def wrap(value: int, bits: int, *, signed: bool) -> int:
    """An integer as it is left after an overflow in unchecked code, which is C#'s default."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if signed and value >> (bits - 1) else value


def unboxer(type: t.Type) -> Callable[[Any], Any] | None:
    """What turns an object of exactly this type into a plain value; None where it is one already."""
    inner = type.args[0] if type.name == "?" else type
    if inner is t.FLOAT:
        return float
    if inner is t.CHAR:
        return str
    return int if inner in _WRAPPERS or t.is_enum(inner) else None


def same_object(left: Any, right: Any) -> bool:
    """object.ReferenceEquals, as `==` between objects does it: each boxed value is an object of its own."""
    return left is right and (left is None or not t.is_value_type(type_of(left)))


def enum_name(type: t.Type, value: int) -> str:
    """What ToString() says of an enum's value: its name, names joined for flags, or the number."""
    members = DEFINITIONS[type.name].members or {}
    for name, number in members.items():
        if number == value:
            return name
    if type.name == "RegexOptions":
        names = [name for name, number in members.items() if number and value & number]
        if names:
            return ", ".join(names)
    return str(int(value))


def equals(left: Any, right: Any) -> bool:
    """object.Equals: the same type and the same value; for most references the same object."""
    if left is right:
        return True
    if left is None or right is None or type(left) is not type(right):
        return False
    if isinstance(left, EnumValue):
        return left.type is right.type and left == right
    if isinstance(left, (list, dict, set)):
        return False
    return bool(left == right)


def contains(element: t.Type) -> Callable[[Any, Any], bool]:
    """Contains for collections of one type: Python's own test where it means the same."""
    if element in t.INTEGERS or element in (t.STRING, t.BOOL, t.CHAR):
        return operator.contains
    return lambda items, value: any(equals(item, value) for item in items)
