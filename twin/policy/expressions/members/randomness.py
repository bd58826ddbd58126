"""Random and Guid.NewGuid: chance comes from the context; a seeded Random is .NET's own algorithm."""

import uuid
from typing import Any

from .. import types as t
from ..errors import Thrown, argument_null, out_of_range
from ..guids import EMPTY, Guid, guid_of_bytes, parse_guid
from ..values import Array
from .signature import Ambient

_MAX = 2**31 - 1


class Seeded:
    """System.Random with a seed: Knuth's subtractive generator, as .NET has always had it."""

    __slots__ = ("first", "second", "state")
    net_type = t.make("Random")

    def __init__(self, seed: int) -> None:
        subtraction = _MAX if seed == -(2**31) else abs(seed)
        last, following = 161803398 - subtraction, 1
        state = [0] * 56
        state[55] = last
        for i in range(1, 55):
            place = 21 * i % 55
            state[place] = following
            following = last - following
            if following < 0:
                following += _MAX
            last = state[place]
        for _ in range(4):
            for i in range(1, 56):
                state[i] = _int32(state[i] - state[1 + (i + 30) % 55])
                if state[i] < 0:
                    state[i] += _MAX
        self.state = state
        self.first, self.second = 0, 21

    def sample(self) -> int:
        """A number from 0 up to, but not with, the largest int."""
        self.first = self.first % 55 + 1
        self.second = self.second % 55 + 1
        result = self.state[self.first] - self.state[self.second]
        if result == _MAX:
            result -= 1
        if result < 0:
            result += _MAX
        self.state[self.first] = result
        return result

    def random(self) -> float:
        return self.sample() * (1.0 / _MAX)


class Unseeded:
    """System.Random without a seed."""

    __slots__ = ("chance",)
    net_type = t.make("Random")

    def __init__(self, context: Any) -> None:
        self.chance = context.chance

    def sample(self) -> int:
        return int(self.random() * _MAX)

    def random(self) -> float:
        return self.chance.random()


def _int32(value: int) -> int:
    return (value + 2**31) % 2**32 - 2**31


def _next(source: Any, low: int | None = None, high: int | None = None) -> int:
    if low is None:
        return source.sample()
    if high is None:
        if low < 0:
            raise out_of_range("maxValue", "'maxValue' must be greater than zero.")
        return int(source.random() * low)
    if low > high:
        raise out_of_range("minValue", "'minValue' cannot be greater than maxValue.")
    return int(source.random() * (high - low)) + low


def _fill(source: Any, buffer: list[int]) -> None:
    for index in range(len(buffer)):
        buffer[index] = source.sample() % 256


def _new_guid(context: Any) -> Guid:
    return Guid(uuid.UUID(int=context.chance.getrandbits(128), version=4))


def _try_parse(text: str | None) -> tuple[bool, Guid]:
    try:
        return (False, EMPTY) if text is None else (True, parse_guid(text))
    except Thrown:
        return False, EMPTY


def _parse(text: str) -> Guid:
    if text is None:
        raise argument_null("input")
    return parse_guid(text)


MEMBERS: dict[str, Any] = {
    "new Random()": Ambient(Unseeded),
    "new Random(int Seed)": Seeded,
    "int Random.Next()\nint Random.Next(int maxValue)\nint Random.Next(int minValue, int maxValue)": _next,
    "double Random.NextDouble()": lambda source: source.random(),
    "void Random.NextBytes(byte[]! buffer)": _fill,
    "static Guid Guid.NewGuid()": Ambient(_new_guid),
    "static Guid Guid.Empty": lambda: EMPTY,
    "static Guid Guid.Parse(string! input)": _parse,
    "static bool Guid.TryParse(string input, out Guid result)": _try_parse,
    "new Guid(string! g)": _parse,
    "new Guid(byte[]! b)": guid_of_bytes,
    "new Guid()": lambda: EMPTY,
    "string Guid.ToString()": Guid.net_string,
    "string Guid.ToString(string format)": lambda value, pattern: value.net_format(pattern or "D"),
    "byte[] Guid.ToByteArray()": lambda value: Array(value.value.bytes_le, t.BYTE),
    "int Guid.GetHashCode()": Guid.hash_code,
    "bool Guid.Equals(Guid g)": lambda left, right: left == right,
}
