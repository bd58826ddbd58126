"""Holds a value against its kind and reports everything that does not fit."""

from collections.abc import Iterator, Mapping

from .nearest import elsewhere, nearest
from .place import Place, quoted
from .reading import whole
from .shapes import Flag, Kind, ListOf, MapOf, Shape, Text, Whole, known_later


def inspect(kind: Kind, value: object, place: Place) -> Iterator[str]:
    if known_later(value):
        if not isinstance(kind, Text) or kind.plain:
            allowed = "it must be known before the deployment, as names and the number of resources depend on it"
            yield place.refuse(quoted(value), allowed, "Give it as plain data.")
        return
    match kind:
        case Text():
            yield from _text(kind, value, place)
        case Whole():
            yield from _whole(kind, value, place)
        case Flag():
            yield from _flag(value, place)
        case ListOf():
            yield from _list(kind, value, place)
        case MapOf():
            yield from _map(kind, value, place)
        case Shape():
            yield from _shape(kind, value, place)


def _text(kind: Text, value: object, place: Place) -> Iterator[str]:
    if not isinstance(value, str):
        yield place.refuse(quoted(value), "a text is needed", _text_instead(kind, value))
    elif value.strip():
        yield from kind.rule(value, place)
    elif not kind.blank:
        yield place.refuse("an empty text", "a text is needed", "Fill it in, or remove the key where it is optional.")


def _text_instead(kind: Text, value: object) -> str:
    if kind.example:
        return f"Write for instance {quoted(kind.example)}."
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f'Put it in quotes: "{quoted(value)}".' if number else "Write a text."


def _whole(kind: Whole, value: object, place: Place) -> Iterator[str]:
    number = whole(value)
    if number is not None and kind.least <= number <= kind.most:
        return
    yield place.refuse(
        quoted(value), f"a whole number from {kind.least} to {kind.most} is allowed", _whole_instead(kind, value)
    )


def _whole_instead(kind: Whole, value: object) -> str:
    number = whole(value)
    if number is not None:
        return f"Write {kind.least} or more." if number < kind.least else f"Write {kind.most} or less."
    if isinstance(value, float) and kind.least <= value <= kind.most:
        return f"Write {int(value)} or {int(value) + 1}."
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return f"Remove the quotes: {int(value)}."
    return "Write a whole number, without quotes."


def _flag(value: object, place: Place) -> Iterator[str]:
    if isinstance(value, bool):
        return
    meant = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
    instead = meant.get(value.casefold(), "") if isinstance(value, str) else ""
    yield place.refuse(
        quoted(value), "true or false is allowed", f"Write {instead or 'true or false'}, without quotes."
    )


def _list(kind: ListOf, value: object, place: Place) -> Iterator[str]:
    if not isinstance(value, list | tuple):
        simple = isinstance(value, str) and isinstance(kind.item, Text)
        advice = f"Write [{quoted(value)}]." if simple else 'Begin each entry with "- ".'
        yield place.refuse(quoted(value), "a list is needed", advice)
        return
    for index, item in enumerate(value):
        yield from inspect(kind.item, item, place.item(index, item))
    yield from kind.rule(value, place)


def _map(kind: MapOf, value: object, place: Place) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield place.refuse(quoted(value), "a mapping is needed", 'Write one "key: value" a line.')
        return
    for key, item in value.items():
        yield from inspect(kind.item, item, place.key(key))
    yield from kind.rule(value, place)


def _shape(shape: Shape, value: object, place: Place) -> Iterator[str]:
    if not isinstance(value, Mapping):
        allowed = f"a mapping is needed with the keys {', '.join(shape.keys)}"
        yield place.refuse(quoted(value), allowed, _mapping_instead(shape))
        return
    for key in value:
        if key not in shape.keys:
            yield _unknown(str(key), shape, place)
    if shape.instead and shape.instead in value:
        yield from _instead(shape, value, place)
        return
    for name, key in shape.keys.items():
        if name in value:
            yield from inspect(key.kind, value[name], place.key(name))
        elif key.needed:
            yield place.key(name).refuse("nothing", "it is needed", key.needed)
    yield from shape.rule(value, place)


def _mapping_instead(shape: Shape) -> str:
    return f"Write for instance {shape.example}." if shape.example else 'Write one "key: value" a line, without "- ".'


def _instead(shape: Shape, value: Mapping[str, object], place: Place) -> Iterator[str]:
    others = [name for name in shape.keys if name in value and name != shape.instead]
    if others:
        allowed = "what exists already is used as it is"
        advice = f"Remove {shape.instead} to make a new one, or keep {shape.instead} alone."
        yield place.refuse(f"{shape.instead} together with {', '.join(others)}", allowed, advice)
    for name in (shape.instead, *others):
        yield from inspect(shape.keys[name].kind, value[name], place.key(name))


def _unknown(key: str, shape: Shape, place: Place) -> str:
    home = elsewhere(key, shape)
    meant = nearest(key, shape.keys)
    if meant and not home:
        return place.key(key).refuse("an unknown key", f"the nearest known one is {meant}", f"Rename it to {meant}.")
    if home:
        path = place.path + ("." if place.path else "") + home
        return place.key(key).refuse("an unknown key", f"it belongs at {path}", "Move it there.")
    return place.key(key).refuse("an unknown key", f"known here are {', '.join(shape.keys)}", "Remove it or rename it.")
