"""What a rule sees of a resource: its kind, its names, and a cursor over its properties."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_policy.proxy import UnknownValueError

# azure-native:apimanagement:Backend, azure-native:apimanagement/v20240501:Backend, and what `pulumi package add
# azure-native apimanagement v20230901preview` generates: one resource in three spellings.
_TYPE = re.compile(r"azure-native(?:_\w+)?:(\w+)(?:/v\w+)?:(\w+)")


def kind_of(resource_type: str) -> str:
    """`apimanagement:Backend` for every spelling of that type; other types as they are."""
    found = _TYPE.fullmatch(resource_type)
    return f"{found[1]}:{found[2]}" if found else resource_type


class Node:
    """A place in a resource's properties, such as `circuitBreaker.rules[0]`; it tolerates every shape.

    The SDK hands properties over as proxies that raise UnknownValueError as soon as a value is touched that only `up`
    will know. Readers let that error pass: it means "cannot be decided yet", and the rule's runner knows what to do.
    So a rule reads first what decides without such a value.
    """

    def __init__(
        self, value: object, path: str = "", *, unknown: UnknownValueError | None = None, asked: bool = True
    ) -> None:
        self.path = path
        self._value = value
        self._unknown = unknown
        self._asked = asked

    @property
    def value(self) -> object:
        if self._unknown is not None:
            raise self._unknown
        return self._value

    @property
    def is_unknown(self) -> bool:
        return self._unknown is not None

    @property
    def is_asked(self) -> bool:
        """Whether these are the inputs of the program, not what the engine or Azure made of them."""
        return self._asked

    def at(self, *keys: str) -> "Node":
        """The place below; an empty one when nothing is there."""
        node = self
        for key in keys:
            node = node._child(key, f"{node.path}.{key}" if node.path else key)
        return node

    def text(self, *keys: str) -> str | None:
        value = self.at(*keys).value
        return value if isinstance(value, str) else None

    def number(self, *keys: str) -> int | float | None:
        value = self.at(*keys).value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return int(value) if value == int(value) else value  # the wire knows only floats

    def flag(self, *keys: str) -> bool | None:
        value = self.at(*keys).value
        return value if isinstance(value, bool) else None

    def items(self, *keys: str) -> list["Node"]:
        """The elements of the list there; none when it is no list."""
        node = self.at(*keys)
        value = node.value
        if not isinstance(value, Sequence) or isinstance(value, str):
            return []
        return [node._child(index, f"{node.path}[{index}]") for index in range(len(value))]

    def keys(self, *keys: str) -> list[str]:
        """The names in the map there; none when it is no map."""
        value = self.at(*keys).value
        return [str(key) for key in value] if isinstance(value, Mapping) else []

    def given(self, key: str) -> bool:
        """Whether the program gave a value, be it one that only `up` will know."""
        node = self.at(key)
        if self._unknown is None and node._unknown is not None and self._asked:
            return True
        return node.value is not None

    def shown(self, *keys: str) -> str:
        """The value as a message shows it."""
        return shown(self.at(*keys).value)

    def _child(self, key: str | int, path: str) -> "Node":
        if self._unknown is not None:
            return Node(None, path, unknown=self._unknown, asked=self._asked)
        holder = self._value
        inside = (isinstance(holder, Mapping) and key in iter(holder)) or (
            isinstance(holder, Sequence) and not isinstance(holder, str) and isinstance(key, int)
        )
        if not inside:
            return Node(None, path, asked=self._asked)
        try:
            return Node(holder[key], path, asked=self._asked)  # type: ignore[index]
        except UnknownValueError as unknown:
            return Node(None, path, unknown=unknown, asked=self._asked)


def shown(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}"
    if isinstance(value, str):
        return f"'{value}'"
    return f"{len(value)} entries" if isinstance(value, Sequence | Mapping) else str(value)


def any_true(questions: Iterable[Callable[[], bool]]) -> bool:
    """Whether one of them holds; raises UnknownValueError when none does for sure but an unknown value might."""
    first_unknown = None
    for question in questions:
        try:
            if question():
                return True
        except UnknownValueError as unknown:
            first_unknown = first_unknown or unknown
    if first_unknown is not None:
        raise first_unknown
    return False


@dataclass(frozen=True)
class Resource:
    """A resource of the program: `props` is what it asks Azure for.

    `depends` holds the URNs that each property was computed from, `depends_on` all of them together.
    """

    urn: str
    kind: str
    name: str
    props: Node
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict)
    depends_on: Sequence[str] = ()

    def sources(self, key: str) -> Sequence[str]:
        """The URNs the property was computed from; any of them, where the program does not tell one from another."""
        return self.depends.get(key, ()) if self.depends else self.depends_on

    @property
    def stack(self) -> str:
        return self.urn.removeprefix("urn:pulumi:").split("::")[0]

    @property
    def project(self) -> str:
        return self.urn.split("::")[1]

    @property
    def label(self) -> str:
        """`Backend 'aoai-eus-1'`: the resource as a message calls it."""
        return f"{self.kind.split(':')[-1]} '{self.name}'"
