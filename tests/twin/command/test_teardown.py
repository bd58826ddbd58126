"""What Azure would keep for 48 hours is purged."""

import pytest

from tests.support.arm import local_arm
from twin.command.running import Running
from twin.command.teardown import purge
from twin.engine.errors import CommandError

GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-openai"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-gone?api-version=2024-05-01"
BODY = {
    "location": "eastus2",
    "sku": {"name": "Developer", "capacity": 1},
    "properties": {"publisherEmail": "a@example.com", "publisherName": "A"},
}


def running(arm: str) -> Running:
    return Running(0, arm, "", "", "", {})


def test_the_name_of_a_purged_service_is_free_again():
    with local_arm() as arm:
        assert arm.call("PUT", SERVICE, BODY)[0] == 201
        assert arm.call("DELETE", SERVICE)[0] == 202
        assert arm.call("PUT", SERVICE, BODY)[0] == 409

        assert purge(running(arm.url)) == ["apim-gone"]
        assert purge(running(arm.url)) == []
        assert arm.call("PUT", SERVICE, BODY)[0] == 201


def test_a_twin_that_does_not_answer_is_told():
    with pytest.raises(CommandError, match=r"The twin did not answer GET .*deletedservices: .*refused"):
        purge(running("http://127.0.0.1:9"))
