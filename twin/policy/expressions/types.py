"""The .NET types that expressions may use, and how they are related. Types are interned: compare them with `is`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from .definitions import DEFINITIONS


@dataclass(frozen=True, eq=False)
class Type:
    """A closed or open type: `int`, `List<string>`, `T` (a type parameter), `string[]`, `int?`."""

    name: str
    args: tuple["Type", ...] = ()

    def __str__(self) -> str:
        if self.name == "[]":
            return f"{self.args[0]}[]"
        if self.name == "?":
            return f"{self.args[0]}?"
        return f"{self.name}<{', '.join(map(str, self.args))}>" if self.args else self.name

    def __repr__(self) -> str:
        return f"<{self}>"


_INTERNED: dict[tuple[str, tuple[Type, ...]], Type] = {}
_PARAMETERS = frozenset("TUVWRKEA")


def make(name: str, *args: Type) -> Type:
    key = (name, args)
    found = _INTERNED.get(key)
    if found is None:
        found = _INTERNED[key] = Type(name, args)
    return found


def array(element: Type) -> Type:
    return make("[]", element)


def nullable(of: Type) -> Type:
    return make("?", of)


def is_parameter(type: Type) -> bool:
    return type.name in _PARAMETERS


_ALIASES = {definition.full_name: name for name, definition in DEFINITIONS.items()}
_ALIASES.update({full.removeprefix("System."): name for full, name in _ALIASES.items() if full.count(".") == 1})

OBJECT = make("object")
VOID = make("void")
STRING = make("string")
BOOL = make("bool")
CHAR = make("char")
SBYTE, BYTE, SHORT, USHORT, INT, UINT, LONG, ULONG = map(
    make, ("sbyte", "byte", "short", "ushort", "int", "uint", "long", "ulong")
)
FLOAT, DOUBLE, DECIMAL = map(make, ("float", "double", "decimal"))
NULL = make("<null>")
DATE_TIME, DATE_TIME_OFFSET, TIME_SPAN, GUID = map(make, ("DateTime", "DateTimeOffset", "TimeSpan", "Guid"))
JTOKEN, JVALUE = make("JToken"), make("JValue")
EXCEPTION = make("Exception")

INTEGERS = {SBYTE: 8, BYTE: 8, SHORT: 16, USHORT: 16, INT: 32, UINT: 32, LONG: 64, ULONG: 64}
UNSIGNED = frozenset({BYTE, USHORT, UINT, ULONG})
NUMBERS = frozenset({*INTEGERS, FLOAT, DOUBLE, DECIMAL})


def short_name(name: str) -> str | None:
    """The name by which a type is known here: `Int32`, `System.Int32` and `int` are one."""
    return name if name in DEFINITIONS else _ALIASES.get(name)


def full_name(type: Type) -> str:
    """The name that .NET gives a type."""
    if type.name == "[]":
        return full_name(type.args[0]) + "[]"
    if type.name == "?":
        return f"System.Nullable<{full_name(type.args[0])}>"
    definition = DEFINITIONS.get(type.name)
    name = definition.full_name if definition else type.name
    return f"{name}<{', '.join(map(full_name, type.args))}>" if type.args else name


def is_value_type(type: Type) -> bool:
    definition = DEFINITIONS.get(type.name)
    return type.name == "?" or (definition is not None and definition.kind in ("struct", "enum"))


def is_enum(type: Type) -> bool:
    definition = DEFINITIONS.get(type.name)
    return definition is not None and definition.kind == "enum"


def is_delegate(type: Type) -> bool:
    definition = DEFINITIONS.get(type.name)
    return definition is not None and definition.kind == "delegate"


def is_json(type: Type) -> bool:
    return type in _JSON


def substitute(type: Type, binding: Mapping[str, Type]) -> Type:
    """A type with its parameters filled in as far as they are known."""
    if type.name in binding and is_parameter(type):
        return binding[type.name]
    return make(type.name, *(substitute(arg, binding) for arg in type.args)) if type.args else type


@cache
def bases(type: Type) -> tuple[Type, ...]:
    """A type, then its bases and interfaces from the nearest on; `object` last."""
    found = [type]
    for known in found:
        definition = DEFINITIONS.get(known.name)
        binding = dict(zip("TUVW", known.args, strict=False))
        for text in definition.bases if definition else ():
            base = substitute(parse(text), binding)
            if base not in found:
                found.append(base)
    if OBJECT not in found:
        found.append(OBJECT)
    return tuple(found)


_TOKEN = re.compile(r"\s*([A-Za-z_][\w.]*|[<>,?]|\[\])")


@cache
def parse(text: str) -> Type:
    """A type as it is written in a signature; single capital letters are type parameters."""
    tokens = [match.group(1) for match in _TOKEN.finditer(text)]
    type, rest = _parse(tokens)
    if rest:
        raise ValueError(f"not a type: {text!r}")
    return type


def _parse(tokens: list[str]) -> tuple[Type, list[str]]:
    name, tokens = tokens[0], tokens[1:]
    args = []
    if tokens[:1] == ["<"]:
        while tokens[0] in "<,":
            arg, tokens = _parse(tokens[1:])
            args.append(arg)
        tokens = tokens[1:]
    type = make(name if name in _PARAMETERS else (short_name(name) or name), *args)
    while tokens and tokens[0] in ("[]", "?"):
        type, tokens = (array(type) if tokens[0] == "[]" else nullable(type)), tokens[1:]
    return type, tokens


def unify(pattern: Type, actual: Type, binding: dict[str, Type]) -> bool:
    """Whether `actual` or one of its bases has the form of `pattern`; fills in the pattern's parameters."""
    if is_parameter(pattern):
        known = binding.setdefault(pattern.name, actual)
        return known is actual
    return any(_same_shape(pattern, base, binding) for base in bases(actual))


def _same_shape(pattern: Type, actual: Type, binding: dict[str, Type]) -> bool:
    if is_parameter(pattern):
        return binding.setdefault(pattern.name, actual) is actual
    if pattern.name != actual.name or len(pattern.args) != len(actual.args):
        return False
    trial = dict(binding)
    if all(_same_shape(p, a, trial) for p, a in zip(pattern.args, actual.args, strict=True)):
        binding.update(trial)
        return True
    return False


def parameters_of(type: Type) -> Iterator[str]:
    """The names of the type parameters in a type."""
    if is_parameter(type):
        yield type.name
    for arg in type.args:
        yield from parameters_of(arg)


def element_of(type: Type) -> Type | None:
    """What a `foreach` over this type yields."""
    for base in bases(type):
        if base.name == "IEnumerable":
            return base.args[0]
    return None


_JSON = frozenset(map(make, ("JToken", "JContainer", "JObject", "JArray", "JProperty", "JValue")))
