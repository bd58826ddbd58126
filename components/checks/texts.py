"""Texts with a form of their own: e-mail addresses, regions, paths, methods, tags."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from .names import distinct
from .nearest import nearest
from .place import Place, quoted, write
from .reading import text

EMAIL = re.compile(r"[^@\s<>,;]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z][A-Za-z0-9-]+")
LOCATION = re.compile(r"[a-z]+[a-z0-9]*")
API_PATH = re.compile(r"[\w.](?:[\w\-/.:]*[\w-])?", re.ASCII)
LONGEST_API_PATH = 400

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SCOPES = ("api", "operation")

# Microsoft's page "Use tags to organize your Azure resources".
MOST_TAGS, LONGEST_TAG_NAME, LONGEST_TAG = 50, 512, 256
RESERVED_TAGS = ("microsoft", "azure", "windows")


def at_most(longest: int) -> Callable[[str, Place], Iterator[str]]:
    def rule(value: str, place: Place) -> Iterator[str]:
        if len(value) > longest:
            yield place.refuse(f"{len(value)} characters", f"at most {longest} are allowed", "Shorten it.")

    return rule


def email(value: str, place: Place) -> Iterator[str]:
    if not EMAIL.fullmatch(value):
        yield place.refuse(quoted(value), "an e-mail address is needed", 'Write for instance "platform@example.com".')
    yield from at_most(100)(value, place)


def location(value: str, place: Place) -> Iterator[str]:
    if not LOCATION.fullmatch(value):
        short = re.sub(r"[\s_-]+", "", value.casefold())
        advice = write(short if LOCATION.fullmatch(short) else "", 'Write for instance "eastus2".')
        yield place.refuse(quoted(value), "the short name of an Azure region is needed", advice)


def api_path(value: str, place: Place) -> Iterator[str]:
    """What stands between the gateway's host and the operation. Azure allows one API without it; here it is needed."""
    if not API_PATH.fullmatch(value) or "//" in value:
        repaired = re.sub(r"//+", "/", re.sub(r"[^\w\-/.:]+", "-", value, flags=re.ASCII)).strip("-/.:")
        allowed = 'letters, digits and "-_.:/" are allowed, with no "/" at either end'
        yield place.refuse(quoted(value), allowed, write(repaired, 'Write for instance "openai".'))
    yield from at_most(LONGEST_API_PATH)(value, place)


def one_of(known: Sequence[str]) -> Callable[[str, Place], Iterator[str]]:
    def rule(value: str, place: Place) -> Iterator[str]:
        if value not in known:
            advice = write(nearest(value, known), "Choose one of them.")
            yield place.refuse(quoted(value), f"{', '.join(known)} are possible", advice)

    return rule


def methods(values: Sequence[object], place: Place) -> Iterator[str]:
    if not values:
        yield place.refuse("an empty list", "an API needs at least one method", "Write [POST].")
    yield from distinct(values, place)


def tag(value: str, place: Place) -> Iterator[str]:
    yield from at_most(LONGEST_TAG)(value, place)


def tags(values: Mapping[str, object], place: Place) -> Iterator[str]:
    if len(values) > MOST_TAGS:
        yield place.refuse(f"{len(values)} tags", f"a resource has at most {MOST_TAGS}", "Remove some.")
    yield from _distinct_tags(values, place)
    for name in map(str, values):
        if not name.strip() or len(name) > LONGEST_TAG_NAME or re.search(r"[<>%&\\?/]", name):
            allowed = rf"1 to {LONGEST_TAG_NAME} characters without < > % & \ ? / are allowed"
            yield place.refuse(f"a tag named {quoted(name)}", allowed, "Rename it.")
        elif name.casefold().startswith(RESERVED_TAGS):
            allowed = f"names that begin with {', '.join(RESERVED_TAGS)} are Azure's own"
            yield place.refuse(f"a tag named {quoted(name)}", allowed, "Rename it.")


def _distinct_tags(values: Mapping[str, object], place: Place) -> Iterator[str]:
    seen: dict[str, str] = {}
    for name in map(str, values):
        other = seen.setdefault(text(name).casefold(), name)
        if other != name:
            found = f"tags named {quoted(other)} and {quoted(name)}"
            yield place.refuse(found, "Azure does not tell them apart by case", "Remove one of them.")
