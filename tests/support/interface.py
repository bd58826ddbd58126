"""What a change of the plugin's schema means for programs that were written before it."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

NO_HARM = "nothing breaks"


def changes(before: Schema, after: Schema) -> list[str]:
    """A sentence for each difference between two schemas that a program could notice, in alphabetical order."""
    return sorted([*_package(before, after), *_members(before, after), *_descriptions(before, after)])


def _package(before: Schema, after: Schema) -> Iterator[str]:
    for key in ("name", "namespace"):
        if before[key] != after[key]:
            yield f"the package's {key} is {after[key]} instead of {before[key]}: every import statement changes"
    if before["version"] != after["version"]:
        yield f"the version is {after['version']} instead of {before['version']}: {NO_HARM}"


def _members(before: Schema, after: Schema) -> Iterator[str]:
    for section in ("resources", "types"):
        for token in sorted({*before[section], *after[section]}):
            name, old, new = token.rpartition(":")[2], before[section].get(token), after[section].get(token)
            if old is None:
                yield f"{name} is new: {NO_HARM}"
            elif new is None:
                yield f"{name} is gone: programs that use it do not compile"
            elif section == "types":
                yield from _inputs(name, old, new, "properties", "required")
            else:
                yield from _inputs(name, old, new, "inputProperties", "requiredInputs")
                yield from _outputs(name, old, new)


def _inputs(component: str, old: Schema, new: Schema, properties: str, required: str) -> Iterator[str]:
    was, now = old.get(properties, {}), new.get(properties, {})
    needed_before, needed = set(old.get(required, ())), set(new.get(required, ()))
    for name in sorted({*was, *now}):
        what = f"input {name} of {component}"
        if name not in now:
            yield f"{what} is gone: programs that set it do not compile"
        elif name not in was:
            yield f"{what} is new" + (_needed() if name in needed else f": {NO_HARM}")
        elif _bare(was[name]) != _bare(now[name]):
            yield f"{what} is of another type: programs that set it may not compile"
        elif name in needed - needed_before:
            yield f"{what} is not new{_needed()}"
        elif name in needed_before - needed:
            yield f"{what} need not be set any more: {NO_HARM}"


def _needed() -> str:
    return " and has to be set: programs without it do not compile"


def _outputs(component: str, old: Schema, new: Schema) -> Iterator[str]:
    was, now = old.get("properties", {}), new.get("properties", {})
    for name in sorted({*was, *now}):
        what = f"output {name} of {component}"
        if name not in now:
            yield f"{what} is gone: programs and stack references that read it break"
        elif name not in was:
            yield f"{what} is new: {NO_HARM}"
        elif _bare(was[name]) != _bare(now[name]):
            yield f"{what} is of another type: programs and stack references that read it may break"


def _descriptions(before: Schema, after: Schema) -> Iterator[str]:
    same = {"name", "namespace", "version"}
    old, new = ({key: one[key] for key in one if key not in same} for one in (before, after))
    if old != new and _bare(old) == _bare(new):
        yield f"only descriptions differ: {NO_HARM}"


def _bare(value: Any) -> Any:
    """A part of a schema without its descriptions."""
    if isinstance(value, Mapping):
        # A property may be called `description`: then it is an object itself.
        return {key: _bare(one) for key, one in value.items() if key != "description" or not isinstance(one, str)}
    return [_bare(one) for one in value] if isinstance(value, list) else value
