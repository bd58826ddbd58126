"""A gateway that is deployed and called as a person does both, in whichever cloud."""

import json
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import yaml

from tests.support.checkout import checkout
from tests.support.clouds import Cloud
from tests.support.twin import NAMESPACE, reference_settings

STACK = "dev"
TEAM = "team-a"
PAUSE = 15.0  # seconds between two calls of somebody who waits, longer than the policy remembers a failure


@dataclass(frozen=True)
class Answer:
    """What a caller gets; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    content: Any

    @property
    def attempts(self) -> str | None:
        """How many attempts it took, where the policy tells."""
        return self.headers.get("x-gateway-attempts")


@dataclass
class Gateway:
    """The stack of one program's folder. `settings` is its configuration, for stories to change."""

    cloud: Cloud
    program: Path
    settings: dict[str, Any]
    outputs: dict[str, Any] = field(default_factory=dict)
    exists: bool = False
    """Whether anything may be deployed."""

    @property
    def service(self) -> str:
        """The name of the API Management service."""
        return self.outputs["pool_id"].partition("/service/")[2].partition("/")[0]

    def up(self, *options: str) -> None:
        self._configure()
        if not self.exists:
            self._pulumi("stack", "select", STACK, "--create")
            self.exists = True
        self._pulumi("up", "--yes", "--skip-preview", *options)
        self.outputs = json.loads(self._pulumi("stack", "output", "--json", "--show-secrets"))

    def destroy(self) -> None:
        self._pulumi("destroy", "--yes", "--skip-preview")
        self.exists = False

    def call(self, key: str | None = None) -> Answer:
        """One chat completion of a few tokens, with the first team's key unless another is given."""
        address, own = self.outputs["endpoint"], self.outputs["gateway_url"]
        path = f"/deployments/{self.cloud.deployment}/chat/completions?api-version=2024-10-21"
        body = {"messages": [{"role": "user", "content": "Say hello."}], "max_tokens": 5}
        request = urllib.request.Request(
            address.replace(own, self.cloud.gateway or own) + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "api-key": key or self.outputs["keys"][TEAM]},
        )
        try:
            with urllib.request.urlopen(request, timeout=240) as answer:
                return Answer(answer.status, _lower(answer.headers), json.load(answer))
        except HTTPError as error:
            with error:
                return Answer(error.code, _lower(error.headers), error.read().decode())

    def call_until(self, wanted: Callable[[Answer], bool]) -> Answer:
        """Call until the answer is as wanted, or the cloud's patience is at its end. Returns the last answer."""
        given_up = time.monotonic() + self.cloud.patience
        while not wanted(answer := self.call()) and time.monotonic() < given_up:
            time.sleep(PAUSE)
        return answer

    def _configure(self) -> None:
        """Write the settings into the stack's file, in which Pulumi keeps something of its own as well."""
        file = self.program / f"Pulumi.{STACK}.yaml"
        content = yaml.safe_load(file.read_text()) if file.exists() else {}
        content["config"] = {f"{NAMESPACE}:{key}": value for key, value in self.settings.items()}
        file.write_text(yaml.safe_dump(content))

    def _pulumi(self, *words: str) -> str:
        command = [*self.cloud.command, *words, "--non-interactive", "--color", "never"]
        done = subprocess.run(
            command, cwd=self.program, env=self.cloud.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
        return done.stdout


def reference(cloud: Cloud, group: str) -> Gateway:
    """What Pulumi.dev.yaml describes, in a group of its own; callers are told how many attempts a call took."""
    settings = reference_settings()
    settings["service"]["sku"] = cloud.sku
    backends = [
        {"name": account["name"], "account": dict(account), "priority": min(place, 2)}
        for place, account in enumerate(cloud.accounts, 1)
    ]
    settings |= {
        "location": cloud.location,
        "resourceGroup": {"name": group},
        "backends": backends,
        "policy": {"exposeAttempts": True},
    }
    return Gateway(cloud, checkout(cloud.folder / "program"), settings)


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
