"""Programs in other languages, read without running them and held against the plugin's schema.

What such a program gives a component is read as plain values; whatever only a run could tell is COMPUTED.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import tree_sitter_typescript
import yaml
from tree_sitter import Language, Node, Parser

PACKAGE = "apim-ai-gateway"
COMPUTED: Final = object()


@dataclass(frozen=True)
class Use:
    """One component that a program makes: its type, its inputs, and the outputs that the program reads."""

    component: str
    inputs: Mapping[str, Any]
    outputs: set[str] = field(default_factory=set)


def in_yaml(program: Path) -> list[Use]:
    text = program.read_text()
    uses = []
    for name, resource in yaml.safe_load(text)["resources"].items():
        package, _, component = resource["type"].rpartition(":")
        if package.partition(":")[0] == PACKAGE:
            outputs = set(re.findall(rf"\$\{{{name}\.(\w+)", text))
            uses.append(Use(component, _computed(resource["properties"]), outputs))
    return uses


def _computed(value: Any) -> Any:
    """Of a text with `${…}` in it only the run knows what it says."""
    if isinstance(value, dict):
        return {key: _computed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_computed(one) for one in value]
    return COMPUTED if isinstance(value, str) and "${" in value else value


def in_typescript(program: Path) -> list[Use]:
    parser = Parser(Language(tree_sitter_typescript.language_typescript()))
    nodes = list(_below(parser.parse(program.read_bytes()).root_node))
    assert not any(node.type == "ERROR" for node in nodes), f"{program} is not TypeScript"
    read = [(_text(node, "object"), _text(node, "property")) for node in nodes if node.type == "member_expression"]
    imported = {
        _text(one, "name")
        for node in nodes
        if node.type == "import_statement" and _text(node, "source").strip("\"'").endswith(f"/{PACKAGE}")
        for one in _below(node)
        if one.type == "import_specifier"
    }
    uses = []
    for node in nodes:
        if node.type == "new_expression" and _text(node, "constructor") in imported:
            variable = _text(node.parent, "name") if node.parent else ""
            arguments = node.child_by_field_name("arguments")
            assert arguments is not None
            inputs = arguments.named_children[1]  # after the name
            outputs = {output for owner, output in read if owner == variable}
            uses.append(Use(_text(node, "constructor"), _value(inputs), outputs))
    return uses


def _below(node: Node) -> Iterator[Node]:
    yield node
    for child in node.named_children:
        yield from _below(child)


def _text(node: Node, field_name: str) -> str:
    found = node.child_by_field_name(field_name)
    return (found.text or b"").decode() if found else ""


def _value(node: Node) -> Any:
    text = (node.text or b"").decode()
    match node.type:
        case "string":
            return text[1:-1]
        case "number":
            return float(text) if "." in text else int(text)
        case "true" | "false":
            return node.type == "true"
        case "array":
            return [_value(one) for one in node.named_children]
        case "object":
            pairs = [one for one in node.named_children if one.type == "pair"]
            return {_text(one, "key").strip("\"'"): _value(one.named_children[-1]) for one in pairs}
    return COMPUTED


def problems(schema: Mapping[str, Any], use: Use) -> list[str]:
    """What a generated SDK's compiler would say."""
    described = schema["resources"].get(f"{PACKAGE}:index:{use.component}")
    if described is None:
        return [f"there is no component {use.component}"]
    found = list(_of_object(schema, described["inputProperties"], described["requiredInputs"], use.inputs, ""))
    unknown = sorted(use.outputs - set(described["properties"]))
    return found + [f"{use.component} has no output {output}" for output in unknown]


def _of_object(
    schema: Mapping[str, Any], properties: Mapping[str, Any], required: list[str], value: Any, at: str
) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at} is no object"
        return
    yield from (f"{at}{key} is missing" for key in required if key not in value)
    for key, inner in value.items():
        if key in properties:
            yield from _of_value(schema, properties[key], inner, f"{at}{key}")
        else:
            yield f"{at}{key} is not known"


def _of_value(schema: Mapping[str, Any], kind: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
    if value is COMPUTED:
        return  # plain or not is a matter of the language's types
    if reference := kind.get("$ref"):
        described = schema["types"][reference.removeprefix("#/types/")]
        yield from _of_object(schema, described["properties"], described.get("required", []), value, f"{at}.")
    elif kind["type"] == "array":
        if not isinstance(value, list):
            yield f"{at} is no list"
            return
        for index, inner in enumerate(value):
            yield from _of_value(schema, kind["items"], inner, f"{at}[{index}]")
    elif kind["type"] == "object":
        for key, inner in value.items() if isinstance(value, dict) else ():
            yield from _of_value(schema, kind["additionalProperties"], inner, f"{at}.{key}")
    elif type(value) not in _PLAIN[kind["type"]]:
        yield f"{at} is {value!r}, no {kind['type']}"


_PLAIN: Final = {"string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,)}
