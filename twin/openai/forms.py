"""The form that a caller wants an answer in: text, JSON, what a schema admits, a call of a function. Pure.

Chat completions and responses spell their wishes differently and mean the same.
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/structured-outputs
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/function-calling
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from .instances import instance


def content(form: object, words: list[str]) -> str:
    """An answer's text in the form that is wanted: JSON in JSON mode, what a schema admits where there is one."""
    text = " ".join(words)
    match form:
        case {"type": "json_schema", "json_schema": {"schema": schema}} | {"type": "json_schema", "schema": schema}:
            return json.dumps(instance(schema, text))
        case {"type": "json_object" | "json_schema"}:
            return json.dumps({"answer": text})
    return text


def pieces(text: str, words: list[str]) -> Iterator[str]:
    """A text bit by bit: its words, or in one piece where it is something else than they."""
    if text != " ".join(words):
        yield text
        return
    for position, word in enumerate(words):
        yield f" {word}" if position else word


def demanded_tool(body: Mapping[str, Any]) -> str:
    """The name of the function that the caller wants called, whether it is spelt for chat or for responses."""
    choice = body.get("tool_choice")
    if isinstance(choice, Mapping):
        return str(_function(choice).get("name", ""))
    return next((str(one.get("name", "")) for one in _functions(body)), "") if choice == "required" else ""


def arguments(body: Mapping[str, Any], tool: str, words: list[str]) -> str:
    """What a function of the caller's is called with, as JSON: what its schema admits."""
    schema = next((one.get("parameters") for one in _functions(body) if one.get("name") == tool), None)
    return json.dumps(instance(schema, " ".join(words)) if isinstance(schema, Mapping) and schema else {})


def _functions(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    tools = body.get("tools")
    return [_function(one) for one in tools if isinstance(one, Mapping)] if isinstance(tools, list) else []


def _function(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = tool.get("function")
    return inner if isinstance(inner, Mapping) else tool
