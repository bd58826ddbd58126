"""A member of a .NET type, declared by its signature as C# would write it and the Python function behind it.

    int String.Length                                        a property
    static DateTime DateTime.UtcNow                          a static property
    bool String.Contains(string! value)                      a method; `!` means that null is refused
    static bool Int32.TryParse(string s, out int result)     returns (value, out value)
    R[] ...Select<R>(Func<T, R> selector)                    type parameters are single capital letters
    string String.Trim(params char[] trimChars)              takes loose arguments too
    T IMessageBody.As<T>(bool preserveContent = false)       a default; a function of a generic method gets its types
    new Random(int seed)                                     a constructor
    JToken JObject[string name]                              an indexer
    IRequest! IProxyRequestContext.Request                   `!` behind the result: it is never null

Functions get the receiver first, then the arguments, unboxed. Wrapped in `Ambient` they get the context before that.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from .. import types as t

_REQUIRED = object()
_DEFAULTS = {"false": False, "true": True, "null": None, '""': ""}
_HEAD = re.compile(
    r"(?:(?P<new>new) (?P<made>.+?)|(?P<static>static )?(?P<returns>.+?) (?P<owner>\w+(?:<[^.(]*>)?(?:\[\])?\??)"
    r"(?:\.(?P<name>\w+)(?:<(?P<generics>[A-Z, ]+)>)?)?)(?P<args>[(\[].*[)\]])?"
)


@dataclass(frozen=True)
class Parameter:
    name: str
    type: t.Type
    out: bool = False
    rest: bool = False
    refuses_null: bool = False
    default: Any = _REQUIRED

    @property
    def optional(self) -> bool:
        return self.default is not _REQUIRED


@dataclass(frozen=True)
class Ambient:
    """A function that needs the context too: the clock, chance, the call itself."""

    function: Callable[..., Any]


@dataclass(frozen=True)
class Attribute:
    """A property that is an attribute of the Python object."""

    name: str


@dataclass(frozen=True)
class Typed:
    """A function of a generic method that needs its type arguments: they come first, after a context."""

    function: Callable[..., Any]


@dataclass(frozen=True)
class Special:
    """A function that is made for its type arguments once, when an expression is compiled."""

    make: Callable[..., Callable[..., Any]]


@dataclass(frozen=True)
class Member:
    owner: t.Type
    name: str
    kind: str  # property, method, new, index
    static: bool
    generics: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    returns: t.Type
    never_null: bool
    function: Callable[..., Any]
    attribute: str  # the name of an attribute that `function` reads, else empty
    ambient: bool
    typed: bool
    special: bool
    extension: bool
    signature: str

    @property
    def outs(self) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.out)


def member(signature: str, function: Any, *, extension: bool = False) -> Member:
    """The member that a signature declares."""
    match = _HEAD.fullmatch(signature)
    if match is None:
        raise ValueError(f"not a signature: {signature!r}")
    ambient = isinstance(function, Ambient)
    function = function.function if ambient else function
    typed = isinstance(function, Typed)
    function = function.function if typed else function
    special = isinstance(function, Special)
    function = function.make if special else function
    attribute = function.name if isinstance(function, Attribute) else ""
    function = attrgetter(attribute) if attribute else function
    args = match["args"] or ""
    owner = t.parse(match["made"] or match["owner"])
    kind = "new" if match["new"] else "index" if args.startswith("[") else "method" if args else "property"
    generics = tuple((match["generics"] or "").replace(" ", "").split(",")) if match["generics"] else ()
    return Member(
        owner=owner,
        name=match["name"] or ("[]" if kind == "index" else "new"),
        kind=kind,
        static=bool(match["static"]),
        generics=generics,
        parameters=tuple(_parameter(text) for text in _split(args[1:-1])),
        returns=owner if kind == "new" else t.parse(match["returns"].rstrip("!")),
        never_null=kind == "new" or match["returns"].endswith("!"),
        function=function,
        attribute=attribute,
        ambient=ambient,
        typed=typed,
        special=special,
        extension=extension,
        signature=signature,
    )


def _split(text: str) -> list[str]:
    parts, depth = [""], 0
    for char in text:
        depth += (char == "<") - (char == ">")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]


def _parameter(text: str) -> Parameter:
    declared, _, default = text.partition(" = ")
    words = declared.split(" ")
    out, rest = "out" in words[:1], "params" in words[:1]
    type_text, name = " ".join(words[1 if out or rest else 0 : -1]), words[-1]
    value = _REQUIRED if not default else _DEFAULTS[default] if default in _DEFAULTS else int(default)
    return Parameter(name, t.parse(type_text.rstrip("!")), out, rest, type_text.endswith("!"), value)


def members(declared: Mapping[str, Any], *, extension: bool = False) -> list[Member]:
    """A family's members from its table; one entry may declare several, one a line."""
    return [
        member(line.strip(), function, extension=extension)
        for signatures, function in declared.items()
        for line in signatures.strip().split("\n")
    ]
