"""Bodies against Microsoft's own models: unknown properties, wrong types, what is required, lengths, patterns, ranges.

Read-only properties may be sent, as everyone does who PUTs what a GET gave; Azure ignores them, and so does `writable`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ..errors import Refusal, ValidationError
from ..shapes import Shape, shape
from .proposal import Proposal, View

Path = tuple[str | int, ...]

_MARK: Final = "?"


def model_problems(proposal: Proposal, _view: View) -> Iterator[Refusal]:
    """Everything that Microsoft's model of the type does not allow in the body."""
    known = shape(proposal.row.token)
    misplaced = list(_misplaced(proposal.body, known))
    if misplaced:
        yield from misplaced
        return
    inputs = known.to_sdk(proposal.body, "inputs")
    for problem in known.problems({**proposal.parameters, **inputs}):
        yield ValidationError.of(problem.path, problem.message)
    for path in _lost(proposal.body, known.to_wire(inputs), ()):
        if not _is_output(known, path):
            yield ValidationError.of(_shown(path), f"'{_shown(path)}' is not a property of {proposal.row.arm_type}")


def writable(token: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a body that a user may write. The body has passed `model_problems`."""
    known = shape(token)
    return known.to_wire(known.to_sdk(body, "inputs"))


def _misplaced(body: Mapping[str, Any], known: Shape) -> Iterator[Refusal]:
    containers = {found.wire[0] for found in known.inputs.values() if len(found.wire) > 1}
    for name in sorted(containers):
        if not isinstance(body.get(name, {}), dict | None):
            yield ValidationError.of(name, f"'{name}' should be of type 'object'")


def _lost(sent: Any, kept: Any, path: Path) -> Iterator[Path]:
    """Where `sent` holds something that is not in `kept`."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for name, value in sent.items():
            if name in kept:
                yield from _lost(value, kept[name], (*path, name))
            elif value is not None and value != {}:
                yield (*path, name)
    elif isinstance(sent, list) and isinstance(kept, list):
        for index, (one, other) in enumerate(zip(sent, kept, strict=False)):
            yield from _lost(one, other, (*path, index))


def _is_output(known: Shape, path: Path) -> bool:
    """Whether Azure gives back a property there: a body that holds nothing else keeps it when read as outputs."""
    value: Any = _MARK
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return path == ("id",) or _MARK in _leaves(known.to_sdk(value, "outputs"))


def _leaves(value: Any) -> list[Any]:
    inner: Iterable[Any] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [leaf for item in inner for leaf in _leaves(item)] if isinstance(value, dict | list) else [value]


def _shown(path: Path) -> str:
    """`properties.pool.services[0].wait` as Azure names it: without the envelope."""
    steps = path[1:] if len(path) > 1 and path[0] == "properties" else path
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return text.lstrip(".")
