"""The Pulumi plugin: hosts the components for programs in every language."""

import importlib
import sys
from pathlib import Path

from pulumi.provider.experimental import component_provider_host

FOLDER = Path(__file__).resolve().parent

if __name__ == "__main__":
    # Pulumi runs the folder (`python components`). Its modules import each other as a package, so the folder above has
    # to be where Python looks, and the folder itself must not be: its module names are not meant for others.
    sys.path[0] = str(FOLDER.parent)
    package = importlib.import_module(FOLDER.name)
    component_provider_host(
        [package.AIGateway, package.ApimService, package.BackendPool, package.OpenAIApi, package.OpenAIBackend],
        name="apim-ai-gateway",
        # Without it the names of generated SDKs would depend on where the plugin was fetched from.
        namespace="platform",
        version=package.__version__,
    )
