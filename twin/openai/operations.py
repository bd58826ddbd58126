"""The paths of Azure OpenAI: which operation a request asks for, and which right it needs. Pure.

Two forms exist: `/openai/deployments/{deployment}/…?api-version=…`, and `/openai/v1/…` without a version and with the
deployment in the body's `model`.
https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from ..messages import Url


class Kind(Enum):
    """What an operation does; the value is its name in Azure's messages."""

    CHAT = "ChatCompletions_Create"
    COMPLETION = "Completions_Create"
    EMBEDDING = "Embeddings_Create"
    RESPONSE = "Responses_Create"
    READ_RESPONSE = "Responses_Get"
    READ_INPUT = "Responses_ListInputItems"
    DELETE_RESPONSE = "Responses_Delete"
    LIST_MODELS = "Models_List"
    READ_MODEL = "Models_Get"
    LIST_DEPLOYMENTS = "Deployments_List"
    READ_DEPLOYMENT = "Deployments_Get"
    NOT_SIMULATED = ""

    @property
    def operation(self) -> str:
        """As Azure's other messages write it, such as chatCompletion."""
        return _LOWER.get(self, self.value)


_LOWER = {Kind.CHAT: "chatCompletion", Kind.COMPLETION: "completion", Kind.EMBEDDING: "embeddings"}
INFERENCE = frozenset({Kind.CHAT, Kind.COMPLETION, Kind.EMBEDDING, Kind.RESPONSE})


@dataclass(frozen=True)
class Operation:
    """One request's place. `right` is the data action it needs; `item` names a response or a model."""

    kind: Kind
    right: str
    deployment: str = ""
    item: str = ""
    v1: bool = False


# Method, path below /openai and /openai/v1, what it does, its right below Microsoft.CognitiveServices/accounts/OpenAI.
_SIMULATED = (
    ("POST", "responses", Kind.RESPONSE, "responses/write"),
    ("GET", "responses/{item}", Kind.READ_RESPONSE, "responses/read"),
    ("DELETE", "responses/{item}", Kind.DELETE_RESPONSE, "responses/delete"),
    ("GET", "responses/{item}/input_items", Kind.READ_INPUT, "responses/read"),
    ("GET", "models", Kind.LIST_MODELS, "models/read"),
    ("GET", "models/{item}", Kind.READ_MODEL, "models/read"),
)
_V1 = (  # these have the deployment in front in the older form of the path
    ("POST", "chat/completions", Kind.CHAT, "deployments/chat/completions/action"),
    ("POST", "completions", Kind.COMPLETION, "deployments/completions/action"),
    ("POST", "embeddings", Kind.EMBEDDING, "deployments/embeddings/action"),
    ("POST", "audio/speech", Kind.NOT_SIMULATED, "deployments/audio/action"),
    ("POST", "audio/transcriptions", Kind.NOT_SIMULATED, "deployments/audio/action"),
    ("POST", "audio/translations", Kind.NOT_SIMULATED, "deployments/audio/action"),
    ("POST", "images/generations", Kind.NOT_SIMULATED, "images/generations/action"),
)
_CLASSIC = (
    *((method, f"deployments/{{deployment}}/{path}", kind, right) for method, path, kind, right in _V1),
    ("GET", "deployments", Kind.LIST_DEPLOYMENTS, "deployments/read"),
    ("GET", "deployments/{deployment}", Kind.READ_DEPLOYMENT, "deployments/read"),
    ("POST", "deployments", Kind.NOT_SIMULATED, "deployments/write"),
    ("DELETE", "deployments/{deployment}", Kind.NOT_SIMULATED, "deployments/delete"),
)

# Known so that a caller without the right is refused as in Azure; whoever has it is told that nothing is behind them.
# The first segment of a path below /openai, and what it is called in rights.
_NOT_SIMULATED = {
    "assistants": "assistants",
    "batches": "batch-jobs",
    "files": "files",
    "fine_tuning": "fine-tunes",
    "threads": "assistants/threads",
    "vector_stores": "assistants/vector-stores",
}
_VERBS = {"GET": "read", "DELETE": "delete"}


@lru_cache(maxsize=4096)  # the same few paths come again and again
def find(method: str, path: str) -> Operation | None:
    """The operation behind a method and a path, or None where Azure OpenAI has none."""
    segments = Url(path).segments
    if segments[0].lower() != "openai" or len(segments) < 2:
        return None
    v1 = segments[1].lower() == "v1"
    rest = segments[2:] if v1 else segments[1:]
    for wanted, template, kind, right in (*_SIMULATED, *(_V1 if v1 else _CLASSIC)):
        names = _matched(template.split("/"), rest) if wanted == method else None
        if names is not None:
            return Operation(kind, right, names.get("deployment", ""), names.get("item", ""), v1)
    group = _NOT_SIMULATED.get(rest[0].lower()) if rest else None
    return Operation(Kind.NOT_SIMULATED, f"{group}/{_VERBS.get(method, 'write')}", v1=v1) if group else None


def _matched(template: list[str], segments: tuple[str, ...]) -> dict[str, str] | None:
    """What stands in the places of a template, or None when the path is another one."""
    if len(template) != len(segments):
        return None
    names = dict(_names(template, segments))
    return (
        None if "" in names.values() or any(_differ(*pair) for pair in zip(template, segments, strict=True)) else names
    )


def _names(template: list[str], segments: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for part, segment in zip(template, segments, strict=True):
        if part.startswith("{"):
            yield part[1:-1], segment


def _differ(part: str, segment: str) -> bool:
    return not part.startswith("{") and part != segment.lower()
