"""Names of resources, and what to write instead of one that Azure refuses."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from .place import Place, quoted, write
from .reading import mapping, text

LONGEST_NAME = 80
POOL_NAME = "openaiopool"

# Backends, pools, subscriptions and new APIs. Azure's sources disagree (80 or 255 characters, with or without dots);
# what all of them accept is what Terraform's provider allows for a backend: letters, digits, "_" and, inside, "-".
NAME = re.compile(rf"[A-Za-z0-9_](?:[A-Za-z0-9_-]{{0,{LONGEST_NAME - 2}}}[A-Za-z0-9_])?")

# The patterns of Microsoft's own clients and of its page "Naming rules and restrictions for Azure resources".
SERVICE_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?")
RESOURCE_GROUP_NAME = re.compile(r"[\w.()-]{0,89}[\w()-]")
ACCOUNT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{1,63}")

# Every service is born with a subscription of this id that may call all its APIs.
BUILT_IN_SUBSCRIPTION = "master"


def resource_name(value: str, place: Place) -> Iterator[str]:
    if not NAME.fullmatch(value):
        allowed = f'1 to {LONGEST_NAME} letters, digits, "-" and "_" are allowed, with no "-" at either end'
        yield place.refuse(quoted(value), allowed, write(_repaired(value), "Choose another name."))


def service_name(value: str, place: Place) -> Iterator[str]:
    if not SERVICE_NAME.fullmatch(value):
        allowed = '1 to 50 letters, digits and "-" are allowed, with a letter first and no "-" at the end'
        suggestion = re.sub(r"^[^A-Za-z]+", "", _repaired(value).replace("_", "-"))[:50].rstrip("-")
        yield place.refuse(
            quoted(value),
            allowed,
            write(suggestion if SERVICE_NAME.fullmatch(suggestion) else "", "Choose another name."),
        )


def resource_group_name(value: str, place: Place) -> Iterator[str]:
    if not RESOURCE_GROUP_NAME.fullmatch(value):
        allowed = '1 to 90 letters, digits, "-", "_", "." and parentheses are allowed, with no "." at the end'
        yield place.refuse(quoted(value), allowed, "Write the name alone, as `az group list` shows it.")


def account_name(value: str, place: Place) -> Iterator[str]:
    if not ACCOUNT_NAME.fullmatch(value):
        allowed = '2 to 64 letters, digits, "-", "_" and "." are allowed, with a letter or digit first'
        yield place.refuse(
            quoted(value), allowed, "Write the name alone, as `az cognitiveservices account list` shows it."
        )


def subscription_name(value: str, place: Place) -> Iterator[str]:
    if value.casefold() == BUILT_IN_SUBSCRIPTION:
        yield place.refuse(quoted(value), "the service's built-in subscription has this name", "Choose another name.")
    yield from resource_name(value, place)


def distinct(values: Sequence[object], place: Place, *, key: str = "") -> Iterator[str]:
    """No two texts of a list, or no two entries by their `key`, may be the same: Azure does not look at the case."""
    seen: dict[str, tuple[str, Place]] = {}
    for index, value in enumerate(values):
        at = place.item(index)
        if key:
            at, value = at.key(key), mapping(value).get(key)
        name = text(value)
        first, at_first = seen.setdefault(name.casefold(), (name, at))
        if name and at_first != at:
            case = "" if name == first else ", and Azure does not look at the case"
            yield at.refuse(quoted(name), f"{at_first} has it already{case}", "Rename or remove one of them.")


def _repaired(value: str) -> str:
    """`gpt-5.1` becomes `gpt-5-1`; "" when nothing of a name is left."""
    ascii_letters = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_]+", "-", ascii_letters)[:LONGEST_NAME].strip("-")
