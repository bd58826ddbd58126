"""A gateway's resources as inputs, bodies and outputs."""

from typing import Any

from tests.twin.provider.engine import SUBSCRIPTION

GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/gateway"
BACKEND = f"{SERVICE}/backends/b1"
NAMED = {"resourceGroupName": "rg", "serviceName": "gateway"}

API = {**NAMED, "apiId": "openai", "path": "openai"}
POOL = {**NAMED, "backendId": "pool", "type": "Pool", "pool": {"services": [{"id": "one", "weight": 1}]}}
INPUTS = {**NAMED, "backendId": "b1", "url": "https://one.example/openai", "protocol": "http"}
OUTPUTS = {"name": "b1", "url": "https://one.example/openai", "protocol": "http", "azureApiVersion": "2024-05-01"}

REFUSAL = {
    "error": {
        "code": "ValidationError",
        "message": "One or more fields contain incorrect values:",
        "details": [{"target": "url", "message": "Url is not supported for backend pool."}],
    }
}


def backend_body(**properties: Any) -> dict[str, Any]:
    return {"id": BACKEND, "name": "b1", "properties": properties}
