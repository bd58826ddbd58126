"""The program without Azure and without the twin, on Pulumi's own mocks, in about a second: python -m pytest"""

import runpy
from pathlib import Path
from typing import Any

import pulumi
import pytest

PROJECT = "contoso-models"
GROUPS = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups"
INSIGHTS = f"{GROUPS}/rg-contoso-monitoring/providers/Microsoft.Insights/components/insights"


class Azure(pulumi.runtime.Mocks):
    """Makes whatever it is asked for, keeps the inputs by name, and answers the questions of the components."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.made[args.name] = args.inputs
        id_ = INSIGHTS if args.name == "insights" else f"/{args.name}"
        return id_, {"name": args.name, **args.inputs}

    def call(self, args: pulumi.runtime.MockCallArgs) -> dict[str, Any]:
        asked = args.args
        match args.token:
            case "azure-native:cognitiveservices:getAccount":
                name = asked["accountName"]
                id_ = f"{GROUPS}/rg-contoso-openai/providers/Microsoft.CognitiveServices/accounts/{name}"
                properties = {"endpoint": f"https://{name}.openai.azure.com/"}
                return {"id": id_, "name": name, "kind": "OpenAI", "properties": properties}
            case "azure-native:apimanagement:getApiManagementService":
                return {"id": "/apim", "gatewayUrl": "https://contoso.example", "identity": {"principalId": "gateway"}}
            case "azure-native:applicationinsights:getComponent":
                return {"id": INSIGHTS, "connectionString": "InstrumentationKey=0"}
            case "azure-native:apimanagement:listSubscriptionSecrets":
                return {"primaryKey": f"key of {asked['sid']}"}
        raise AssertionError(f"nobody answers {args.token}")


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    azure = Azure()
    pulumi.runtime.set_mocks(azure, project=PROJECT, stack="dev")
    pulumi.runtime.set_all_config({f"{PROJECT}:location": "westeurope"})

    @pulumi.runtime.test
    def program() -> None:
        runpy.run_path(str(Path(__file__).with_name("__main__.py")), run_name="__main__")

    program()
    return azure.made


def test_pay_as_you_go_is_used_only_when_the_provisioned_throughput_is_not_available(
    made: dict[str, dict[str, Any]],
) -> None:
    priorities = {
        member["id"].rpartition("/")[2]: member["priority"] for member in made["models-pool"]["pool"]["services"]
    }
    assert priorities == {"models-ptu": 1, "models-payg-weu": 2, "models-payg-swc": 2}


def test_the_gateway_sends_its_telemetry_to_our_component_and_may_do_so(made: dict[str, dict[str, Any]]) -> None:
    assert made["models-telemetry-logger"]["resourceId"] == INSIGHTS
    assert (made["telemetry"]["scope"], made["telemetry"]["principalId"]) == (INSIGHTS, "gateway")
