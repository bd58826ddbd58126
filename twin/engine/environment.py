"""What the Pulumi CLI is told about its surroundings when it runs on the twin."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..azure.identity import CLIENT, SUBSCRIPTION, TENANT

# Whatever could make a provider or the CLI reach a real cloud, a real account or a real backend.
STRIPPED = ("ARM_", "AZURE_", "IDENTITY_", "MSI_", "PULUMI_")
# What a person sets to look into the engine, or to unlock secrets of their own, still counts.
KEPT = frozenset(
    {
        "PULUMI_CONFIG_PASSPHRASE",
        "PULUMI_CONFIG_PASSPHRASE_FILE",
        "PULUMI_CONTINUE_ON_ERROR",
        "PULUMI_DEBUG_COMMANDS",
        "PULUMI_DEBUG_GRPC",
        "PULUMI_PARALLEL",
        "PULUMI_PYTHON_CMD",
        "PULUMI_STACK",
    }
)


@dataclass(frozen=True)
class Folders:
    """Where the twin keeps what the engine needs, all below its state folder."""

    state: Path

    @property
    def home(self) -> Path:
        """PULUMI_HOME: plugins, logs, which stack is selected where."""
        return self.state / "pulumi"

    @property
    def backend(self) -> Path:
        """The stacks' states (`file://`)."""
        return self.state / "stacks"

    @property
    def configuration(self) -> Path:
        """The twin's copies of stack configuration files."""
        return self.state / "configuration"


def environment(ambient: Mapping[str, str], folders: Folders, arm: str = "") -> dict[str, str]:
    """Return the variables for the CLI and everything it starts, from those of the caller.

    `arm` is the base URL of the twin's Azure Resource Manager; without it nothing can be deployed, and still nothing
    real can be reached.
    """
    kept = {name: value for name, value in ambient.items() if name in KEPT or not name.startswith(STRIPPED)}
    loopback = ",".join(filter(None, (ambient.get("NO_PROXY") or ambient.get("no_proxy"), "127.0.0.1,localhost")))
    if "PULUMI_CONFIG_PASSPHRASE_FILE" not in kept:
        kept.setdefault("PULUMI_CONFIG_PASSPHRASE", "")
    return kept | {
        "PULUMI_HOME": str(folders.home),
        "PULUMI_BACKEND_URL": folders.backend.as_uri(),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # The stand-in provider lies in PULUMI_HOME: neither a download nor a real provider on PATH may take its place.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        # `preview --json` then writes the same stream of events as `up --json`.
        "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true",
        # The real provider's own way to be pointed at another cloud.
        "ARM_METADATA_HOSTNAME": arm or "http://127.0.0.1:9",
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION,
        "ARM_TENANT_ID": TENANT,
        "ARM_CLIENT_ID": CLIENT,
        "ARM_CLIENT_SECRET": "twin",
        # For the language host of a CLI that the twin built (see build.py).
        "APIM_TWIN_PYTHON": sys.executable,
        "APIM_TWIN_LANGUAGE_HOST": str(Path(__file__).with_name("language_host.py")),
        # gRPC for Python would otherwise send what is meant for this machine through a proxy.
        "NO_PROXY": loopback,
        "no_proxy": loopback,
    }
