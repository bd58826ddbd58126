"""A service on the local Azure, and the bodies that tests send to it."""

import functools
from dataclasses import dataclass
from typing import Any

from tests.support.arm import LocalAzure, body_of, local_azure, local_azure_with
from twin.azure.faults import Delays
from twin.azure.messages import Answer

GROUP = "/resourceGroups/rg-gateway"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-contoso"


@dataclass
class Service:
    """An API Management service in a group of its own. Paths start below it (`/backends/ptu`)."""

    azure: LocalAzure
    path: str

    @property
    def id(self) -> str:
        return self.azure.subscription + self.path

    def put(self, path: str, body: object, **options: Any) -> Answer:
        return self.azure.put(self.path + path, body, **options)

    def get(self, path: str, **options: Any) -> Answer:
        return self.azure.get(self.path + path, **options)

    def delete(self, path: str, **options: Any) -> Answer:
        return self.azure.delete(self.path + path, **options)

    def post(self, path: str) -> Answer:
        return self.azure.call("POST", self.path + path)

    def made(self, path: str, /, **properties: Any) -> dict[str, Any]:
        """PUT what a test needs but is not about; returns its properties."""
        return self.azure.made(self.path + path, {"properties": properties})["properties"]

    def properties(self, path: str) -> dict[str, Any]:
        return body_of(self.get(path))["properties"]

    def backend(self, name: str, **properties: Any) -> dict[str, Any]:
        return self.made(f"/backends/{name}", url=f"https://{name}.example/openai", protocol="http", **properties)

    def pool(self, name: str, *members: str) -> dict[str, Any]:
        services = [{"id": f"{self.id}/backends/{member}", "priority": 1, "weight": 1} for member in members]
        return self.made(f"/backends/{name}", type="Pool", pool={"services": services})

    def api(self, name: str = "openai", **properties: Any) -> dict[str, Any]:
        return self.made(f"/apis/{name}", **{"displayName": name, "path": name, **properties})


def service_body(sku: str = "Developer", capacity: int = 1, **properties: Any) -> dict[str, Any]:
    return {
        "location": "eastus2",
        "sku": {"name": sku, "capacity": capacity},
        "properties": {"publisherEmail": "team@contoso.com", "publisherName": "Contoso", **properties},
    }


def policy(inbound: str = "") -> dict[str, Any]:
    """The body of a policy with something in its inbound section."""
    sections = "".join(f"<{name}><base/></{name}>" for name in ("backend", "outbound", "on-error"))
    value = f"<policies><inbound><base/>{inbound}</inbound>{sections}</policies>"
    return {"properties": {"format": "rawxml", "value": value}}


def a_service(*, delays: Delays | None = None) -> Service:
    """A Developer service in a group of its own, in an Azure of its own."""
    return Service(local_azure_with(_world(), delays=delays), SERVICE)


@functools.cache
def _world() -> str:
    azure = local_azure()
    azure.made(GROUP, {"location": "eastus2"})
    azure.made(SERVICE, service_body())
    azure.endpoint.store.drop(azure.endpoint.store.operations.values())
    return azure.endpoint.store.text()
