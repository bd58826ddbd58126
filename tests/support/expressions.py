"""Contexts for expressions as JSON describes them, and values in the form of golden.json."""

import math
import random
import struct
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from twin.policy.context import Context, Deployment, Headers, LastError, Request, Response, Url
from twin.policy.expressions import types as t
from twin.policy.expressions.json_casts import parse_as
from twin.policy.expressions.json_text import dumps
from twin.policy.expressions.json_tokens import Token
from twin.policy.expressions.numbers import double_text
from twin.policy.expressions.texts import to_string
from twin.policy.expressions.time_text import parse_date_time
from twin.policy.expressions.times import UTC, DateTime, DateTimeOffset, TimeSpan
from twin.policy.expressions.values import Anonymous, Array, EnumValue, Int64, NetList, Pair, Single, boxer, type_of

TIMESTAMP = 1_714_557_600.0  # 2024-05-01T10:00:00Z


class TextBody:
    """A body that can be read as often as wanted, as that of the C# harness."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, *, preserve: bool) -> bytes:
        return self.text.encode()


def _variable(kind: str, text: str) -> object:
    match kind:
        case "int":
            return int(text)
        case "long":
            return Int64(int(text))
        case "double":
            return float(text)
        case "bool":
            return text == "true"
        case "DateTime":
            return DateTime(parse_date_time(text).ticks, UTC)
        case "JObject":
            return parse_as(text, t.make("JObject"))
        case "null":
            return None
    return text


def context(described: Mapping[str, Any]) -> Context:
    """A context from its description in contexts.json."""
    request, response, error = described["request"], described["response"], described["lastError"]
    parts = request["url"]
    url = Url(
        parts["scheme"], parts["host"], parts["port"], parts["path"], parts["queryString"], Headers(parts["query"])
    )
    return Context(
        request=Request(
            request["method"],
            lambda: url,
            lambda: url,
            Headers(request["headers"]),
            request["ip"],
            None if request["body"] is None else TextBody(request["body"]),
            request["parameters"],
        ),
        response=response
        and Response(response["status"], response["reason"], Headers(response["headers"]), TextBody(response["body"])),
        last_error=error
        and LastError(
            *(error[name] for name in ("source", "reason", "message", "scope", "section", "path", "policyId"))
        ),
        variables={name: _variable(*value) for name, value in described["variables"].items()},
        now=lambda: TIMESTAMP + 1.5,
        chance=random.Random(1),
        timestamp=TIMESTAMP,
        request_id="01234567-89ab-cdef-0123-456789abcdef",
        deployment=Deployment("East US 2", "gw"),
    )


def call(**variables: object) -> Context:
    """A plain GET with these variables, of which the gateway knows nothing else."""
    url = {"scheme": "https", "host": "h", "port": 443, "path": "/p", "query": {}, "queryString": ""}
    request = {"method": "GET", "url": url, "headers": {"X": ["1"]}, "ip": "1.2.3.4", "body": None, "parameters": {}}
    made = context({"request": request, "response": None, "lastError": None, "variables": {}})
    made.variables.update(variables)
    return made


def encoded(value: Any) -> list[Any]:
    """A value as golden.json has it: the type's name and what tells values of that type apart."""
    if value is None:
        return ["null"]
    for kind, encode in ENCODERS:
        if isinstance(value, kind):
            return encode(value)
    if hasattr(value, "net_string"):
        name = t.full_name(value.net_type).removeprefix("System.")
        return [name if name == "Guid" else "Object", value.net_string()]
    return ["Sequence", [encoded(item) for item in value]]


def boxed(items: Any, element: t.Type) -> list[Any]:
    box = boxer(element)
    return [box(item) if box else item for item in items]


def _real(value: float) -> str:
    text = double_text(value)
    return text if not math.isfinite(value) or float(text) == value else double_text(value, 17)


def _single(value: Single) -> str:
    short = double_text(value, 7)
    kept = Single(struct.unpack("f", struct.pack("f", float(short)))[0]) == value
    return short if kept else double_text(value, 9)


def _named(value: Any) -> list[Any]:
    return [t.full_name(type_of(value)).removeprefix("System."), to_string(value)]


# The first that fits counts: a Single is a float too.
ENCODERS: list[tuple[Any, Callable[[Any], list[Any]]]] = [
    (Token, lambda token: [token.net_type.name, dumps(token)]),
    (EnumValue, lambda value: ["Enum", value.type.name, to_string(value)]),
    (Single, lambda value: ["Single", _single(value)]),
    (float, lambda value: ["Double", _real(value)]),
    (Decimal, lambda value: ["Decimal", to_string(value)]),
    (DateTime, lambda value: ["DateTime", str(value.ticks), ("Unspecified", "Utc", "Local")[value.kind]]),
    (DateTimeOffset, lambda value: ["DateTimeOffset", str(value.moment.ticks), str(value.offset)]),
    (TimeSpan, lambda value: ["TimeSpan", str(value.ticks)]),
    (Pair, lambda pair: ["Pair", encoded(pair.key), encoded(pair.value)]),
    (Anonymous, lambda value: ["Anonymous", dumps(value)]),
    ((str, int), _named),
    (Array, lambda items: ["Array", [encoded(item) for item in boxed(items, items.element)]]),
    (NetList, lambda items: ["List", [encoded(item) for item in boxed(items, items.element)]]),
]
