"""Which value may become which type: implicit and explicit conversions, as functions on values."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import types as t
from .dictionaries import Dictionary
from .errors import Thrown, invalid_cast, null_reference
from .expr import NOT_CONSTANT
from .json_casts import from_token
from .json_tokens import Object, Value
from .numbers import fit, in_range, integer_cast, single
from .times import at_offset
from .values import Pair, boxer, kept_class, tester, type_of, unboxer, wrap

Convert = Callable[[Any], Any]

_WIDER: dict[t.Type, tuple[t.Type, ...]] = {
    t.SBYTE: (t.SHORT, t.INT, t.LONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.BYTE: (t.SHORT, t.USHORT, t.INT, t.UINT, t.LONG, t.ULONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.SHORT: (t.INT, t.LONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.USHORT: (t.INT, t.UINT, t.LONG, t.ULONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.INT: (t.LONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.UINT: (t.LONG, t.ULONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.LONG: (t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.ULONG: (t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.CHAR: (t.USHORT, t.INT, t.UINT, t.LONG, t.ULONG, t.FLOAT, t.DOUBLE, t.DECIMAL),
    t.FLOAT: (t.DOUBLE,),
}
_TO_JSON = frozenset({t.STRING, t.BOOL, t.DATE_TIME, t.DATE_TIME_OFFSET, t.GUID, t.TIME_SPAN, *t.NUMBERS})
_COVARIANT = frozenset({"IEnumerable", "IReadOnlyCollection", "IReadOnlyList", "IGrouping"})


@dataclass(frozen=True)
class Conversion:
    """`cost` orders conversions, the better ones first; `apply` is None where the value stays as it is.

    So do the instances of the Python class `kept`, for which `apply` need not be called.
    """

    cost: int
    apply: Convert | None = None
    kept: type | None = None


IDENTITY = Conversion(0)


def implicit(source: t.Type, target: t.Type, constant: Any = NOT_CONSTANT) -> Conversion | None:
    """The conversion that C# makes by itself, None when there is none."""
    if source is target:
        return IDENTITY
    if source is t.NULL:
        return None if t.is_value_type(target) and target.name != "?" else Conversion(1)
    if source in _WIDER and target in _WIDER[source]:
        return Conversion(1 + _WIDER[source].index(target), numeric(source, target))
    if target.name == "?":
        return _to_nullable(source, target, constant)
    if constant is not NOT_CONSTANT and (found := _constant(source, target, constant)):
        return found
    if t.is_value_type(source):
        return _boxing(source, target)
    return _reference(source, target) or _to_json(source, target)


def explicit(source: t.Type, target: t.Type, constant: Any = NOT_CONSTANT) -> Conversion | None:
    """The conversion that a cast makes."""
    found = implicit(source, target, constant)
    if found:
        return found
    if source in t.NUMBERS | {t.CHAR} and target in t.NUMBERS | {t.CHAR}:
        return Conversion(50, numeric(source, target))
    if t.is_enum(source) or t.is_enum(target):
        return _enum(source, target)
    if t.is_json(source) and (cast := from_token(target)):
        return Conversion(50, cast)
    if source.name == "?" or target.name == "?":
        return _nullables(source, target)
    if not t.is_value_type(source) and _may_be(source, target):
        return Conversion(50, unboxing(target), kept_class(target))
    return None


def _to_nullable(source: t.Type, target: t.Type, constant: Any) -> Conversion | None:
    inner = source.args[0] if source.name == "?" else source
    found = implicit(inner, target.args[0], NOT_CONSTANT if source.name == "?" else constant)
    if found is None or (t.is_json(source)):
        return None
    return Conversion(found.cost + 2, _through_null(found.apply) if source.name == "?" else found.apply)


def _through_null(apply: Convert | None) -> Convert | None:
    return None if apply is None else lambda value: None if value is None else apply(value)


def _constant(source: t.Type, target: t.Type, constant: Any) -> Conversion | None:
    """An int constant fits into smaller types when its value does; a literal 0 into every enum."""
    if source is t.INT and target in t.INTEGERS:
        signed = target not in t.UNSIGNED
        return Conversion(6) if in_range(constant, t.INTEGERS[target], signed=signed) else None
    if source is t.LONG and target is t.ULONG and constant >= 0:
        return Conversion(6)
    return Conversion(6) if source is t.INT and constant == 0 and t.is_enum(target) else None


def _boxing(source: t.Type, target: t.Type) -> Conversion | None:
    if target is t.OBJECT:
        return Conversion(90, boxer(source))
    if source is t.DATE_TIME and target is t.DATE_TIME_OFFSET:
        return Conversion(60, at_offset)
    return _to_json(source, target)


def _reference(source: t.Type, target: t.Type) -> Conversion | None:
    above = t.bases(source)
    if target in above and target.name == "IEnumerable" and (pairs := _pairs(source, target)):
        return pairs
    if target in above:
        return Conversion(80 if target is t.OBJECT else 10 + above.index(target))
    for base in above:
        if base.name == target.name and base.name in _COVARIANT | {"[]"} and _covaries(base, target):
            return Conversion(40)
    if source.name == "[]" and target.name in ("IEnumerable", "IList", "ICollection", "IReadOnlyList"):
        return Conversion(45) if _covaries(source, target) else None
    return None


def _pairs(source: t.Type, target: t.Type) -> Conversion | None:
    """What enumerates as key-value pairs in C# but not in Python."""
    if target.args[0].name != "KeyValuePair":
        return None
    if source.name == "JObject":
        return Conversion(15, object_pairs)
    return Conversion(15, mapping_pairs) if source.name == "IReadOnlyDictionary" else None


def object_pairs(token: Object | None) -> Any:
    """A JObject as an IEnumerable<KeyValuePair<string, JToken>>."""
    return None if token is None else [Pair(name, token.get(name)) for name in list(token.entries)]


def mapping_pairs(mapping: Any) -> Any:
    """One of the context's dictionaries as key-value pairs."""
    if mapping is None or isinstance(mapping, Dictionary):
        return mapping
    return [Pair(key, value) for key, value in mapping.items()]


def _covaries(source: t.Type, target: t.Type) -> bool:
    return all(
        have is want or (not t.is_value_type(have) and want in t.bases(have))
        for have, want in zip(source.args, target.args, strict=True)
    )


def _to_json(source: t.Type, target: t.Type) -> Conversion | None:
    inner = source.args[0] if source.name == "?" else source
    if inner not in _TO_JSON or target not in (t.JTOKEN, t.JVALUE):
        return None
    box = boxer(source)
    return Conversion(60, (lambda value: Value(box(value))) if box else Value)


def _enum(source: t.Type, target: t.Type) -> Conversion | None:
    plain = t.INTEGERS.keys() | {t.CHAR}
    if t.is_enum(source) and (target in plain or t.is_enum(target)):
        return Conversion(50, None if target not in plain else numeric(t.INT, target))
    if t.is_enum(target) and source in plain:
        return Conversion(50, numeric(source, t.INT))
    return Conversion(50, unboxing(target)) if source is t.OBJECT else None


def _nullables(source: t.Type, target: t.Type) -> Conversion | None:
    """`(int)maybe` and `(int?)something`."""
    if target.name == "?":
        inner = explicit(source.args[0] if source.name == "?" else source, target.args[0])
        if inner is None:
            return None
        return Conversion(50, _through_null(inner.apply))
    inner = explicit(source.args[0], target)
    if inner is None:
        return None
    apply = inner.apply

    def unwrap(value: Any) -> Any:
        if value is None:
            raise Thrown("System.InvalidOperationException", "Nullable object must have a value.")
        return value if apply is None else apply(value)

    return Conversion(50, unwrap)


def _may_be(source: t.Type, target: t.Type) -> bool:
    """Whether a cast from one reference type to another is worth trying at run time."""
    if source is t.OBJECT or source in t.bases(target):
        return True
    interfaces = ("IEnumerable", "IList", "ICollection", "IDictionary", "IReadOnly")
    return (target.name.startswith(interfaces) and source is not t.STRING) or source.name.startswith(interfaces)


def unboxing(target: t.Type) -> Convert:
    """A cast of an object: the exact value type, or a reference of that class; else InvalidCastException."""
    is_value = t.is_value_type(target) and target.name != "?"
    plain, test = unboxer(target), tester(target)

    def cast(value: Any) -> Any:
        if test(value):
            return value if plain is None else plain(value)
        if value is None:
            if is_value:
                raise null_reference()
            return None
        if is_value:
            raise invalid_cast()
        have, want = t.full_name(type_of(value)), t.full_name(target)
        raise invalid_cast(f"Unable to cast object of type '{have}' to type '{want}'.")

    return cast


def numeric(source: t.Type, target: t.Type) -> Convert | None:
    """A conversion between two kinds of number (or char), cut and wrapped as unchecked code does."""
    if source is t.CHAR:
        rest = numeric(t.INT, target)
        return ord if rest is None else (lambda value: rest(ord(value)))
    if target is t.CHAR:
        return lambda value: chr(int(value) & 0xFFFF)
    if target is t.DECIMAL:
        return _to_decimal if source in (t.FLOAT, t.DOUBLE) else (lambda value: Decimal(value))
    if target in (t.FLOAT, t.DOUBLE):
        return single if target is t.FLOAT else None if source is t.FLOAT else float
    bits, signed = t.INTEGERS[target], target not in t.UNSIGNED
    if source in (t.FLOAT, t.DOUBLE):
        return integer_cast(bits, signed=signed)
    if source is t.DECIMAL:
        return lambda value: _from_decimal(value, bits, target)
    if source in _WIDER and target in _WIDER[source]:
        return None
    return lambda value: wrap(value, bits, signed=signed)


def _to_decimal(value: float) -> Decimal:
    if value != value or value in (float("inf"), float("-inf")):
        raise Thrown("System.OverflowException", "Value was either too large or too small for a Decimal.")
    return fit(Decimal(f"{value:.15g}"))


def _from_decimal(value: Decimal, bits: int, target: t.Type) -> int:
    cut = int(value)
    if not in_range(cut, bits, signed=target not in t.UNSIGNED):
        name = t.full_name(target).removeprefix("System.")
        raise Thrown("System.OverflowException", f"Value was either too large or too small for an {name}.")
    return cut
