"""APIs."""

import re
from collections.abc import Iterator
from typing import Final

from ..errors import Refusal, ValidationError
from ..store import Resource
from .proposal import Proposal, View, siblings

# hashicorp/terraform-provider-azurerm's validator of the path.
_PATH: Final = re.compile(r"|\w|[\w.][\w\-/.:]{0,398}[\w-]", re.ASCII)
_URL: Final = re.compile(r"(https?|wss?)://[^\s/?#]+[^\s]*", re.IGNORECASE)


def api_problems(proposal: Proposal, view: View) -> Iterator[Refusal]:
    """What API Management refuses in an API."""
    properties = proposal.properties
    if properties.get("displayName") is None:
        yield ValidationError.of("displayName", "DisplayName is required.")
    path, url = properties.get("path"), properties.get("serviceUrl")
    if path is None:
        yield ValidationError.of("path", "Path is required.")
    elif not _PATH.fullmatch(path):
        yield ValidationError.of(
            "path", f"'{path}' is not a valid path: letters, digits, '-', '.', ':', '_' and inner '/' are allowed."
        )
    if url and not _URL.fullmatch(url):
        yield ValidationError.of("serviceUrl", f"'{url}' is not a valid absolute URI.")
    for name in ("format", "value", "sourceApiId"):
        if properties.get(name) is not None:
            yield ValidationError.of(name, "This local Azure imports no API definitions and keeps no revisions.")
    for other in siblings(proposal, view):
        yield from _clashes(proposal, other)


def _clashes(proposal: Proposal, other: Resource) -> Iterator[Refusal]:
    """Versions of one API share path and display name, no others do."""
    mine, theirs = proposal.properties, other.properties
    version_set = mine.get("apiVersionSetId")
    if version_set is not None and version_set == theirs.get("apiVersionSetId"):
        return
    if str(mine.get("path")).lower() == str(theirs.get("path")).lower():
        # Azure/apiops#343, #712.
        yield ValidationError.of(
            "path",
            f"Cannot create API '{proposal.name}' with the same Path '{mine.get('path')}' as API '{other.name}'"
            " unless it's a part of the same version set",
        )
    if str(mine.get("displayName")).lower() == str(theirs.get("displayName")).lower():
        # stephaneey/azure-apim-extension#52.
        yield ValidationError.of("name", "API with specified name already exists")
