"""Whether an element has the attributes that its row asks for, with literal values of the right kind.

An expression's result is checked with the expression; a value that holds a named value (`{{name}}`) is not known here.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from .document import Attribute, Element
from .islands import expression_source
from .problem import Problem, in_element
from .row import AttributeRule, Row

_XSD = "http://www.w3.org/2001/XMLSchema:"
_WHOLE = re.compile(r"\s*[+-]?\d+\s*")
_DECIMAL = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)\s*")


def attribute_problems(element: Element, row: Row) -> Iterator[Problem]:
    """Unknown, missing, contradictory and malformed attributes of one element."""
    for attribute in element.attributes.values():
        rule = row.attributes.get(attribute.name)
        if rule is not None:
            yield from _value(element, attribute, rule)
        elif not attribute.name.startswith("xmlns"):
            yield in_element(element, f"The '{attribute.name}' attribute is not declared.", attribute.at)
    for rule in row.attributes.values():
        if rule.required and rule.name not in element.attributes:
            yield in_element(element, f"The required attribute '{rule.name}' is missing.")
    choices = row.needs_one_of.split()
    if choices and not any(name in element.attributes for name in choices):
        yield in_element(element, f"One of the attributes {_listed(choices)} must be specified.")
    rivals = row.not_both.split()
    if rivals and all(name in element.attributes for name in rivals):
        yield in_element(element, f"The attributes {_listed(rivals)} cannot be specified together.")


def _value(element: Element, attribute: Attribute, rule: AttributeRule) -> Iterator[Problem]:
    value = attribute.value
    if expression_source(value):
        if not rule.expressions:
            message = f"The '{rule.name}' attribute does not allow policy expressions."
            yield in_element(element, message, attribute.value_at)
    elif "{{" not in value and (complaint := _KINDS[rule.kind](rule, value)):
        message = f"The '{rule.name}' attribute is invalid - The value '{value}' is invalid according to its datatype "
        yield in_element(element, message + complaint, attribute.value_at)


def _any_text(_rule: AttributeRule, _value: str) -> str:
    return ""


def _bool(_rule: AttributeRule, value: str) -> str:
    if value.strip().lower() in ("true", "false", "1", "0"):
        return ""
    return f"'{_XSD}boolean' - The string '{value}' is not a valid Boolean value."


def _whole(name: str, bits: int) -> Callable[[AttributeRule, str], str]:
    def check(rule: AttributeRule, value: str) -> str:
        if not _WHOLE.fullmatch(value) or not -(2 ** (bits - 1)) <= int(value) < 2 ** (bits - 1):
            return f"'{_XSD}{name}' - The string '{value}' is not a valid Int{bits} value."
        number = int(value)
        if rule.low is not None and number < rule.low:
            return f"'{_XSD}{name}' - The MinInclusive constraint failed ({rule.low})."
        if rule.high is not None and number > rule.high:
            return f"'{_XSD}{name}' - The MaxInclusive constraint failed ({rule.high})."
        return ""

    return check


def _number(_rule: AttributeRule, value: str) -> str:
    return "" if _DECIMAL.fullmatch(value) else f"'{_XSD}double' - The string '{value}' is not a valid Double value."


def _choice(rule: AttributeRule, value: str) -> str:
    if value.strip().lower() in (choice.lower() for choice in rule.choices):
        return ""
    return f"'String' - The Enumeration constraint failed ({', '.join(rule.choices)})."


def _listed(names: list[str]) -> str:
    return " and ".join(f"'{name}'" for name in names) if len(names) == 2 else ", ".join(f"'{name}'" for name in names)


_KINDS: Mapping[str, Callable[[AttributeRule, str], str]] = {
    "text": _any_text,
    "any": _any_text,
    "bool": _bool,
    "int": _whole("int", 32),
    "long": _whole("long", 64),
    "number": _number,
    "choice": _choice,
}
