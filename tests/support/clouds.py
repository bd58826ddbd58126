"""Where a story about a deployed gateway takes place: the local twin, or a subscription that somebody pays for."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.wheel import ROOT
from twin.command.calls import call
from twin.command.running import Running

PREFIX = "APIM_AI_GATEWAY_AZURE"
COSTS = (
    "This makes an API Management service of the Developer tier in your subscription and takes it down again: about an"
    " hour and a half, of which Azure needs 30 to 45 minutes to make the service, and less than one US dollar for the"
    " service (some 50 a month, by the hour) and a few short answers. A run that is killed leaves it there."
)
NEEDED = {
    PREFIX: "yes, when you have read what it costs",
    f"{PREFIX}_ACCOUNTS": "accounts that exist, the one of priority 1 first, as rg-openai/aoai-1,rg-openai/aoai-2",
    f"{PREFIX}_DEPLOYMENT": "the name of a chat model's deployment that each of them has",
    "ARM_SUBSCRIPTION_ID": "the subscription in which the gateway is made",
}


@dataclass(frozen=True)
class Cloud(ABC):
    """What a story has to know about the place, and what it does there without Pulumi."""

    command: Sequence[str]
    """What stands for `pulumi`."""
    folder: Path
    """Where the program lies and what Pulumi knows of the deployment."""
    environment: Mapping[str, str]
    accounts: Sequence[Mapping[str, str]]
    """Azure OpenAI accounts, each with name and resourceGroup."""
    deployment: str
    """The name of a model deployment that each account has."""
    location: str
    sku: str
    gateway: str | None
    """Where gateways are reached from this machine, if not at their own address."""
    patience: float
    """Seconds until roles and policies have reached every part of the cloud."""

    @abstractmethod
    def deleted_services(self) -> set[str]:
        """Names of API Management services that are deleted and keep their names."""

    @abstractmethod
    def purge(self, service: str) -> None:
        """Give the name of a deleted service back."""


@dataclass(frozen=True)
class Twin(Cloud):
    """The local twin, a process of its own with the gateway and the accounts behind sockets."""

    running: Running

    def deleted_services(self) -> set[str]:
        return {service["name"] for service in self._deleted()}

    def purge(self, service: str) -> None:
        [found] = (one for one in self._deleted() if one["name"] == service)
        call(self.running, "DELETE", found["id"])

    def _deleted(self) -> list[dict[str, Any]]:
        provider = f"/subscriptions/{self.running.subscription_id}/providers/Microsoft.ApiManagement"
        return call(self.running, "GET", f"{provider}/deletedservices")["value"]


@contextlib.contextmanager
def local_twin(state: Path) -> Iterator[Twin]:
    """A twin on free ports with the reference's accounts, which have every model deployment."""
    command = [sys.executable, "-P", "-m", "twin"]
    environment = {**os.environ, "APIM_TWIN_HOME": str(state), "PYTHONPATH": str(ROOT)}
    ports = ["--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0"]
    with subprocess.Popen([*command, "serve", *ports], env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        running = Running(**json.loads(server.stdout.readline()))
        try:
            yield Twin(
                [*command, "pulumi"],
                state,
                environment,
                [{"name": name, "resourceGroup": "rg-openai"} for name in ("aoai-eus2-1", "aoai-eus-1", "aoai-eus-2")],
                deployment="gpt-4o",
                location="eastus2",
                sku="Developer",
                gateway=running.gateway,
                patience=0.0,
                running=running,
            )
        finally:
            server.terminate()


@dataclass(frozen=True)
class Azure(Cloud):
    """A real subscription, through `pulumi` and `az` as they are on PATH and logged in. Nobody has tried this yet."""

    def deleted_services(self) -> set[str]:
        return set(self._az("list", "--query", "[].name", "--output", "tsv").split())

    def purge(self, service: str) -> None:
        self._az("purge", "--service-name", service, "--location", self.location)

    def _az(self, *words: str) -> str:
        command = ["az", "apim", "deletedservice", *words, "--subscription", self.environment["ARM_SUBSCRIPTION_ID"]]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def missing(environment: Mapping[str, str]) -> list[str]:
    """What has to be set or installed before anything is made in a subscription."""
    given = {**environment, PREFIX: "yes" if environment.get(PREFIX) == "yes" else ""}
    unset = [f"{name} ({what})" for name, what in NEEDED.items() if not given.get(name)]
    absent = [name for name in ("pulumi", "az") if not shutil.which(name, path=environment.get("PATH"))]
    return unset + [f"{name} on PATH" for name in absent]


def subscription(environment: Mapping[str, str], folder: Path) -> Azure:
    """The one that the environment names, which lacks nothing."""
    accounts = [account.strip().split("/") for account in environment[f"{PREFIX}_ACCOUNTS"].split(",")]
    return Azure(
        ["pulumi"],
        folder,
        {**environment, "PULUMI_BACKEND_URL": folder.as_uri(), "PULUMI_CONFIG_PASSPHRASE": ""},
        [{"name": name, "resourceGroup": group} for group, name in accounts],
        deployment=environment[f"{PREFIX}_DEPLOYMENT"],
        location=environment.get(f"{PREFIX}_LOCATION", "eastus2"),
        sku=environment.get(f"{PREFIX}_SKU", "Developer"),
        gateway=None,
        patience=15 * 60.0,
    )
