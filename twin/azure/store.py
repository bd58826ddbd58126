"""What exists in Azure: a tree of resources by their ids, kept in one file that survives a restart.

The store knows nothing of types or rules. Ids compare without regard to case, as Azure's do, and keep the spelling of
whoever wrote them first.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from .operations import Operation

_FORMAT: Final = 2


@dataclass(frozen=True)
class Resource:
    """One resource. `body` is what a GET gives back besides id, name and type, `private` what it never gives back."""

    id: str
    token: str
    body: Mapping[str, Any] = field(default_factory=dict)
    private: Mapping[str, Any] = field(default_factory=dict)
    etag: str = ""

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]

    def entry(self) -> dict[str, Any]:
        """As JSON; `Resource(**entry)` is the same resource again."""
        return {"id": self.id, "token": self.token, "body": self.body, "private": self.private, "etag": self.etag}

    @property
    def properties(self) -> Mapping[str, Any]:
        return self.body.get("properties") or {}


class StateUnreadable(Exception):
    """The state file is not one that this version wrote."""


class Store:
    """All resources and unfinished operations. Every change is visible at once; `text` is what a file holds."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}
        self._resources: dict[str, Resource] = {}
        self._lines: dict[str, str] = {}
        self._revision = 0

    def __len__(self) -> int:
        return len(self._resources)

    def get(self, resource_id: str) -> Resource | None:
        return self._resources.get(resource_id.lower())

    def all(self, token: str | None = None) -> Iterator[Resource]:
        """Every resource, or those of one type, in the order in which they were made."""
        return iter([found for found in self._resources.values() if token in (None, found.token)])

    def below(self, resource_id: str, token: str | None = None) -> list[Resource]:
        """What lies below an id at any depth, without itself."""
        prefix = resource_id.lower() + "/"
        return [
            found for key, found in self._resources.items() if key.startswith(prefix) and token in (None, found.token)
        ]

    def put(self, resource: Resource) -> Resource:
        """Make or replace; returns it with its new ETag and, when it existed, the spelling of its first id."""
        existing = self.get(resource.id)
        kept = Resource(
            existing.id if existing else resource.id, resource.token, resource.body, resource.private, self._next_etag()
        )
        self._keep(kept)
        return kept

    def restore(self, resource: Resource) -> None:
        """Put back exactly what was there before."""
        self._keep(resource)

    def delete(self, resource_id: str) -> list[Resource]:
        """Remove a resource with all below it; returns what was removed, the resource itself first."""
        root = self.get(resource_id)
        gone = ([root] if root else []) + self.below(resource_id)
        for resource in gone:
            del self._resources[resource.id.lower()]
            del self._lines[resource.id.lower()]
        self._revision += bool(gone)
        return gone

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The long-running operations by id, finished ones too until they are dropped."""
        return self._operations

    def record(self, operation: Operation) -> None:
        """Keep an operation, new or changed."""
        self._operations[operation.id] = operation
        self._revision += 1

    def drop(self, operations: Iterable[Operation]) -> None:
        """Forget operations. What they did stays."""
        for operation in list(operations):
            del self._operations[operation.id]

    @property
    def revision(self) -> int:
        """Counts the changes."""
        return self._revision

    def _keep(self, resource: Resource) -> None:
        key = resource.id.lower()
        self._resources[key] = resource
        # Kept as text, so that saving after each call costs one join and not one serialization of everything.
        self._lines[key] = json.dumps(resource.entry())
        self._revision += 1

    def _next_etag(self) -> str:
        """As Azure's look: the base64 form of a number that only grows."""
        return base64.b64encode((self._revision + 1).to_bytes(8, "big")).decode()

    def text(self) -> str:
        """The whole state as JSON, one resource a line."""
        resources = ",\n".join(self._lines.values())
        operations = json.dumps([asdict(operation) for operation in self._operations.values()])
        return (
            f'{{"format": {_FORMAT}, "revision": {self._revision},\n"operations": {operations},\n'
            f'"resources": [\n{resources}\n]}}\n'
        )

    @classmethod
    def parse(cls, text: str) -> Self:
        """The store that wrote the text. Raises StateUnreadable."""
        store = cls()
        try:
            state = json.loads(text)
            if state["format"] != _FORMAT:
                raise StateUnreadable(f"it has format {state['format']}, and this version reads format {_FORMAT}")
            for entry in state["resources"]:
                store._keep(Resource(**entry))
            for entry in state["operations"]:
                store._operations[entry["id"]] = Operation(**entry)
            store._revision = state["revision"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StateUnreadable(f"it is damaged ({error})") from error
        return store


class StateFile:
    """The file that a store is kept in. None of it is written in place: a crash leaves the old file or the new one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Store | None:
        """The store that was kept, or None when there is none yet. Raises StateUnreadable, which says what to do."""
        if not self.path.exists():
            return None
        try:
            return Store.parse(self.path.read_text(encoding="utf-8"))
        except (StateUnreadable, UnicodeDecodeError) as error:
            raise StateUnreadable(
                f"The local Azure cannot read its state in {self.path}: {error}."
                " Delete that file to start with an empty subscription."
            ) from error

    def write(self, store: Store) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(".new")
        draft.touch(mode=0o600)  # it holds keys
        draft.write_text(store.text(), encoding="utf-8")
        # The rename is atomic. No fsync: a crash of the twin loses nothing, and surviving a power cut is not its job.
        draft.replace(self.path)
