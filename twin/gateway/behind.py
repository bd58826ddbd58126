"""Where the calls of an API go, as far as its policies name it: for whoever shows a gateway or calls it. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from ..policy.document import Element
from ..policy.islands import expression_source
from .configuration import Api, Configuration

_QUOTED: Final = re.compile(r'"([^"]*)"')


def backends_behind(api: Api, configuration: Configuration) -> list[str]:
    """The backends and pools that an API's policies set, as they are named there, each once.

    The narrowest scope comes first, as its policy has the last word. In an expression every text that is the name of a
    backend counts.
    """
    names = {
        found.name: None
        for root in _policies(api, configuration)
        for text in _set_backends(root, configuration)
        for name in _names(text)
        if (found := configuration.backends.get(name.lower()))
    }
    return list(names)


def _policies(api: Api, configuration: Configuration) -> Iterator[Element]:
    name = api.name.lower()
    places = [("apis", name, operation.seen.id.lower()) for operation in api.operations]
    places += [("apis", name), *(("products", product) for product in sorted(api.products)), ()]
    yield from (configuration.policies[place] for place in places if place in configuration.policies)


def _set_backends(root: Element, configuration: Configuration, inside: frozenset[str] = frozenset()) -> Iterator[str]:
    """The `backend-id` of every element that sets one, also in fragments, of which none may include itself."""
    for element in root.walk():
        if element.tag == "set-backend-service" and (text := element.get("backend-id")):
            yield text
        name = (element.get("fragment-id") or "").lower() if element.tag == "include-fragment" else ""
        if name and name not in inside and name in configuration.fragments:
            yield from _set_backends(configuration.fragments[name], configuration, inside | {name})


def _names(text: str) -> list[str]:
    return [text] if expression_source(text) is None else _QUOTED.findall(text)
