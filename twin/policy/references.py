"""Whether the backends, fragments and named values that a policy names exist.

Only literals can be checked: what an expression yields is known when it runs, as in Azure. Named values are found by
their display name, which is what `{{…}}` refers to, with case.

https://learn.microsoft.com/azure/api-management/api-management-howto-properties
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from .document import Element, Position
from .islands import expression_source
from .problem import Problem, in_element

Kind = Literal["backend", "fragment", "named value"]
Exists = Callable[[Kind, str], bool]

NAMED_VALUE = re.compile(r"\{\{\s*([A-Za-z0-9._-]+)\s*\}\}")
_REFERENCES: dict[tuple[str, str], tuple[Kind, str]] = {
    ("set-backend-service", "backend-id"): ("backend", "Backend"),
    ("llm-content-safety", "backend-id"): ("backend", "Backend"),
    ("azure-openai-semantic-cache-lookup", "embeddings-backend-id"): ("backend", "Backend"),
    ("llm-semantic-cache-lookup", "embeddings-backend-id"): ("backend", "Backend"),
    ("include-fragment", "fragment-id"): ("fragment", "Policy fragment"),
}


def reference_problems(root: Element, exists: Exists) -> Iterator[Problem]:
    """Names without a thing behind them, in the order of the document."""
    for element in root.walk():
        for attribute in element.attributes.values():
            yield from _named_values(element, attribute.value, element.at, exists)
            reference = _REFERENCES.get((element.tag, attribute.name))
            if reference and _is_literal(element, attribute.value):
                kind, noun = reference
                if not exists(kind, attribute.value):
                    message = f"{noun} with id '{attribute.value}' could not be found."
                    yield in_element(element, message, attribute.value_at)
        if not _is_liquid(element):
            for text in element.texts():
                yield from _named_values(element, text.value, text.at, exists)


def named_values(text: str) -> list[str]:
    """The display names of the named values that a text refers to."""
    return NAMED_VALUE.findall(text)


def _named_values(element: Element, value: str, at: Position, exists: Exists) -> Iterator[Problem]:
    for name in named_values(value):
        if not exists("named value", name):
            # Azure counts from the text where the name stands in one ("'set-url' on line 188, column 26").
            problem = in_element(Element(element.tag, at), f"Cannot find a property '{name}'")
            yield problem


def _is_literal(element: Element, value: str) -> bool:
    """Dapr's form of set-backend-service has the fixed backend id `dapr`."""
    return expression_source(value) is None and "{{" not in value and "dapr-app-id" not in element.attributes


def _is_liquid(element: Element) -> bool:
    """In a Liquid template double braces are Liquid's own."""
    return (element.get("template") or "").lower() == "liquid"
