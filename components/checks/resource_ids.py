"""Ids of resources in Azure Resource Manager."""

import re
from collections.abc import Callable, Iterator

from .place import Place, quoted

GUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")

NAME = r"(?! )[^/?#%&<>\\*:+\x00-\x1f]+(?<! )"
RESOURCE_ID = re.compile(
    rf"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>{NAME})/providers/(?P<namespace>[\w.]+)"
    rf"/(?P<path>{NAME}/{NAME}(?:/{NAME}/{NAME})*)",
    re.IGNORECASE,
)


def guid(what: str) -> Callable[[str, Place], Iterator[str]]:
    """The rule for a GUID; `what` says which one and where to find it."""

    def rule(value: str, place: Place) -> Iterator[str]:
        if not GUID.fullmatch(value):
            yield place.refuse(
                quoted(value), "a GUID like 00000000-0000-0000-0000-000000000000 is needed", f"Write {what}."
            )

    return rule


def resource_id(wanted: str) -> Callable[[str, Place], Iterator[str]]:
    """The rule for the id of a resource of one type, such as Microsoft.Insights/components."""

    namespace, *types = wanted.split("/")
    example = "".join(f"/{part}/<name>" for part in types)
    example = f"/subscriptions/<id>/resourceGroups/<group>/providers/{namespace}{example}"

    def rule(value: str, place: Place) -> Iterator[str]:
        match = RESOURCE_ID.fullmatch(value)
        if not match or not GUID.fullmatch(match["subscription"]):
            yield place.refuse(_shown(value), f"the resource id of a {wanted} is needed", f"Write {example}.")
        elif resource_type(value).casefold() != wanted.casefold():
            found = f"the id of a {resource_type(value)}"
            yield place.refuse(found, f"the resource id of a {wanted} is needed", f"Write {example}.")

    return rule


def resource_type(value: str) -> str:
    """`Microsoft.ApiManagement/service/apis` for the id of an API; "" for a text that is no id."""
    match = RESOURCE_ID.fullmatch(value)
    return "/".join([match["namespace"], *match["path"].split("/")[::2]]) if match else ""


def parts(value: str) -> dict[str, str]:
    """The resource group and each name by its type: {"group": "rg", "service": "my-apim", "apis": "openai"}."""
    match = RESOURCE_ID.fullmatch(value)
    if not match:
        return {}
    path = match["path"].split("/")
    return {"group": match["group"], **dict(zip((part.casefold() for part in path[::2]), path[1::2], strict=True))}


def api_reference(value: str, place: Place) -> Iterator[str]:
    """An API that exists is named by its name in the service or by its resource id. The portal allows more in a name
    than is wise in a new one: Microsoft's client has 1 to 256 characters without some punctuation."""
    if "/" in value:
        yield from resource_id("Microsoft.ApiManagement/service/apis")(value, place)
    elif not re.fullmatch(NAME, value) or len(value) > 256:
        allowed = "the name of an API is needed, or its resource id"
        yield place.refuse(quoted(value), allowed, "Write it as `az apim api list` shows it.")


def _shown(value: str) -> str:
    # A connection string is what people have at hand for Application Insights; it does not belong into a log.
    return "a connection string" if "InstrumentationKey=" in value else quoted(value)
