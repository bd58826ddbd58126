"""What a policy does with an answer: holds a stream back, believes reason texts, forgets that there may be none."""

import re
from collections.abc import Iterator

from ..document import Element
from ..expression_slots import Slot, slots
from ..problem import Problem, warning
from .routes import forwards, retries

_MODEL_HOSTS = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
_MODEL_AUDIENCES = ("cognitiveservices.azure.com", "ai.azure.com")
_MODEL_POLICIES = ("azure-openai-", "llm-")
_EVENT_STREAM = "text/event-stream"

_REASON = r"(?:\bStatusReason|\bLastError\s*\??\s*\.\s*Message)\b"
_READS_REASON = re.compile(_REASON)
_COMPARES_REASON = re.compile(
    _REASON + r"\s*(?:\??\s*\.\s*To(?:Lower|Upper)\w*\s*\(\s*\)\s*)?"
    r"(?:\??\s*\.\s*(?:Contains|StartsWith|EndsWith|IndexOf|Equals)\b|[=!]=)"
    r"|\bRegex\s*\.\s*\w+\s*\([^,()]*" + _REASON
)
_READS_RESPONSE = re.compile(r"\bcontext\s*\.\s*Response\s*\.")
_ASKED_AT_END = "increment-condition"  # when the caller's answer stands, so there is one
_ASKS_FOR_RESPONSE = re.compile(
    r"\bcontext\s*\.\s*Response\s*(?:\?|[=!]=\s*null\b|is\s+(?:not\s+)?null\b)|\bnull\s*[=!]=\s*context\s*\.\s*Response\b"
)


def answer_warnings(root: Element) -> Iterator[Problem]:
    yield from _held_back(root)
    absent = set(_where_no_answer_may_be(root))
    for slot in slots(root):
        is_condition = slot.kind == "bool"
        if (_READS_REASON if is_condition else _COMPARES_REASON).search(slot.source):
            yield _of_slot(
                slot,
                "This rests on a text for people, which Azure has changed before without notice "
                "(Azure-Samples/AI-Gateway#262). Ask StatusCode or LastError.Reason.",
            )
        asked_early = slot.name != _ASKED_AT_END and id(slot.element) in absent
        if is_condition and asked_early and _forgets_that_none_may_be(slot.source):
            yield _of_slot(
                slot,
                "There may be no context.Response here, and then this condition fails instead of giving an answer. "
                "Ask context.Response != null first, or write context.Response?.StatusCode.",
            )


def _held_back(root: Element) -> Iterator[Problem]:
    sending = list(forwards(root))
    if any((one.get("buffer-response") or "").strip().lower() in ("false", "0") for one in sending):
        return  # the others are for calls that do not stream
    if any(map(_serves_models, root.walk())):
        for forward in sending:
            yield warning(
                forward,
                "Answers of a model are held back until 8 KB have come together, so streams arrive in lumps. "
                'Set buffer-response="false".',
            )


def _serves_models(element: Element) -> bool:
    if element.tag.startswith(_MODEL_POLICIES):
        return True
    resource, url = element.get("resource") or "", element.get("base-url") or ""
    texts = [element.text(), *(attribute.value for attribute in element.attributes.values())]
    return (
        (element.tag == "authentication-managed-identity" and resource.rstrip("/").endswith(_MODEL_AUDIENCES))
        or any(host in url.lower() for host in _MODEL_HOSTS)
        or any(_EVENT_STREAM in text for text in texts)
    )


def _where_no_answer_may_be(root: Element) -> Iterator[int]:
    """The elements (by identity) whose conditions may be asked when there is no answer.

    Before the first attempt there is none, after one that reached nobody there may be none (Microsoft's own samples
    differ), nor in on-error when the call was refused before.
    """
    for section in root.elements():
        if section.tag in ("inbound", "on-error"):
            yield from map(id, section.walk())
    for retry in (one for one in root.walk() if one.tag == "retry"):
        yield id(retry)
    for retry in retries(root):
        yield from map(id, _before_first_attempt(retry))


def _before_first_attempt(retry: Element) -> Iterator[Element]:
    for child in retry.elements():
        for element in child.walk():
            if element.tag == "forward-request":
                return
            yield element


def _forgets_that_none_may_be(source: str) -> bool:
    return bool(_READS_RESPONSE.search(source)) and not _ASKS_FOR_RESPONSE.search(source)


def _of_slot(slot: Slot, message: str) -> Problem:
    return Problem(slot.at.line, slot.at.column, message, slot.element.tag)
