"""The Responses API: what a response looks like, its events, and those that an account keeps. Pure.

A stored response lives on the account that made it. Every other account answers 404, which is why a pool cannot follow
a conversation that is kept this way.
https://learn.microsoft.com/azure/ai-foundry/openai/how-to/responses
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from . import errors, forms
from .answers import Asked

KEPT: Final = 1000  # responses an account remembers; the oldest goes first


def response(asked: Asked) -> dict[str, Any]:
    """A response that is complete."""
    usage = asked.usage
    return {
        "id": f"resp_{asked.id}",
        "object": "response",
        "created_at": asked.moment,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": asked.body.get("instructions"),
        "max_output_tokens": asked.body.get("max_output_tokens"),
        "metadata": asked.body.get("metadata") or {},
        "model": asked.model,
        "output": [_output(asked)],
        "parallel_tool_calls": True,
        "previous_response_id": asked.body.get("previous_response_id"),
        "store": asked.body.get("store", True),
        "temperature": asked.body.get("temperature", 1.0),
        "text": asked.body.get("text") or {"format": {"type": "text"}},
        "tool_choice": asked.body.get("tool_choice", "auto"),
        "tools": asked.body.get("tools") or [],
        "top_p": asked.body.get("top_p", 1.0),
        "truncation": asked.body.get("truncation", "disabled"),
        "usage": {
            "input_tokens": usage["prompt_tokens"],
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": usage["completion_tokens"],
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": usage["total_tokens"],
        },
    }


def response_events(asked: Asked) -> Iterator[dict[str, Any]]:
    """The events of a streamed response, each with its `type` and its number."""
    for number, told in enumerate(_events(asked)):
        yield {**told, "sequence_number": number}


def _events(asked: Asked) -> Iterator[dict[str, Any]]:
    complete = response(asked)
    begun = {**complete, "status": "in_progress", "output": [], "usage": None}
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun}
    item = complete["output"][0]
    at = {"output_index": 0, "item_id": item["id"]}
    if item["type"] == "message":
        yield {"type": "response.output_item.added", "output_index": 0, "item": {**item, **_UNFINISHED, "content": []}}
        yield from _text_events(item["content"][0], asked.answers[0], {**at, "content_index": 0})
    else:
        yield {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**item, **_UNFINISHED, "arguments": ""},
        }
        yield {"type": "response.function_call_arguments.delta", **at, "delta": item["arguments"]}
        done = {"name": item["name"], "arguments": item["arguments"]}
        yield {"type": "response.function_call_arguments.done", **at, **done}
    yield {"type": "response.output_item.done", "output_index": 0, "item": item}
    yield {"type": "response.completed", "response": complete}


_UNFINISHED: Final = {"status": "in_progress"}


def _text_events(part: Mapping[str, Any], words: list[str], at: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "response.content_part.added", **at, "part": {**part, "text": ""}}
    for delta in forms.pieces(part["text"], words):
        yield {"type": "response.output_text.delta", **at, "delta": delta, "logprobs": []}
    yield {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []}
    yield {"type": "response.content_part.done", **at, "part": part}


def _output(asked: Asked) -> dict[str, Any]:
    tool = forms.demanded_tool(asked.body)
    if tool:
        call = {"type": "function_call", "id": f"fc_{asked.id}", "call_id": f"call_{asked.id}", "status": "completed"}
        return {**call, "name": tool, "arguments": forms.arguments(asked.body, tool, asked.answers[0])}
    wanted = asked.body.get("text")
    said = forms.content(wanted.get("format") if isinstance(wanted, Mapping) else None, asked.answers[0])
    text = {"type": "output_text", "text": said, "annotations": [], "logprobs": []}
    message = {"type": "message", "id": f"msg_{asked.id}", "status": "completed", "role": "assistant"}
    return {**message, "content": [text]}


class StoredResponses:
    """The responses that one account keeps, with what was asked. Asked for another one, it raises Refused."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[dict[str, Any], Any]] = OrderedDict()

    def keep(self, made: dict[str, Any], asked: Any) -> None:
        self._kept[made["id"]] = made, asked
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def check_previous(self, name: object) -> None:
        """A conversation cannot go on where its beginning is not kept. Raises Refused."""
        if name and name not in self._kept:
            message = f"Previous response with id '{name}' not found."
            raise errors.invalid_request(message, "previous_response_id", "previous_response_not_found")

    def read(self, name: str) -> dict[str, Any]:
        return self._found(name)[0]

    def read_input(self, name: str) -> dict[str, Any]:
        asked = self._found(name)[1]
        items = asked if isinstance(asked, list) else [_message(name, asked)]
        return {"object": "list", "data": items, "has_more": False, **_ends(items)}

    def delete(self, name: str) -> dict[str, Any]:
        self._found(name)
        del self._kept[name]
        return {"id": name, "object": "response.deleted", "deleted": True}

    def _found(self, name: str) -> tuple[dict[str, Any], Any]:
        if name not in self._kept:
            raise errors.invalid_request(f"Response with id '{name}' not found.", status=404)
        return self._kept[name]


def _message(name: str, text: object) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {"type": "message", "id": f"msg_in_{name}", "status": "completed", "role": "user", "content": content}


def _ends(items: list[Any]) -> dict[str, Any]:
    ids = [item.get("id") for item in items if isinstance(item, Mapping)]
    return {"first_id": ids[0] if ids else None, "last_id": ids[-1] if ids else None}
