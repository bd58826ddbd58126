"""What is on a service already, made by somebody else, comes into a stack as docs/adopting.md tells, word for word."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.checkout import checkout
from tests.support.docs import written
from tests.support.twin import NAMESPACE, Stack, empty_stack, operations
from twin.azure.estate import REFERENCE

pytestmark = pytest.mark.engine

BREAKER = {
    "name": "r",
    "failureCondition": {"count": 3, "interval": "PT1M", "statusCodeRanges": [{"min": 429, "max": 429}]},
    "tripDuration": "PT1M",
    "acceptRetryAfter": True,
}
POLICY = """<policies>
    <inbound><base /><set-backend-service backend-id="openai-pool" /></inbound>
    <backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error>
</policies>"""
BACKENDS = {"aoai-east-us-2": "aoai-eus2-1", "aoai-east-us": "aoai-eus-1"}
UPDATED = ["ai-gateway-aoai-east-us", "ai-gateway-aoai-east-us-2", "ai-gateway-pool", "ai-gateway-team-a"]


@pytest.fixture
def adopting(tmp_path: Path) -> Iterator[Stack]:
    """A service with a pool of two backends, an API that calls it and a subscription; and a stack that has nothing."""
    estate = yaml.safe_load(REFERENCE.read_text())
    services = [{"name": "our-apim", "sku": "Premium"}]
    estate["resourceGroups"].append({"name": "rg-shared", "location": "eastus2", "services": services})
    (tmp_path / "estate.yaml").write_text(yaml.safe_dump(estate))
    with empty_stack(tmp_path, program=checkout(tmp_path / "program"), estate=tmp_path / "estate.yaml") as stack:
        for name, account in BACKENDS.items():
            backend = {"url": f"https://{account}.openai.azure.com/openai", "protocol": "http"}
            stack.azure("PUT", f"backends/{name}", {"properties": {**backend, "circuitBreaker": {"rules": [BREAKER]}}})
        members = [
            {"id": f"{stack.service()}/backends/{name}", "priority": priority, "weight": 1}
            for priority, name in enumerate(BACKENDS, 1)
        ]
        stack.azure("PUT", "backends/openai-pool", {"properties": {"type": "Pool", "pool": {"services": members}}})
        api = {"displayName": "OpenAI", "path": "openai", "protocols": ["https"]}
        stack.azure("PUT", "apis/openai", {"properties": api})
        stack.azure("PUT", "apis/openai/policies/policy", {"properties": {"format": "xml", "value": POLICY}})
        team = {"displayName": "Team A", "scope": f"{stack.service()}/apis", "state": "active"}
        stack.azure("PUT", "subscriptions/team-a", {"properties": team})
        yield stack


def test_what_is_on_a_service_is_taken_over_as_the_page_says(adopting: Stack):
    settings, listing, blank, filled, importing, comparing, shown, deploying, policy = written(
        "docs/adopting.md", "test_what_is_on_a_service_is_taken_over_as_the_page_says"
    )
    before, keys = adopting.everything(), adopting.azure("POST", "subscriptions/team-a/listSecrets")
    their_policy = adopting.azure("GET", "apis/openai/policies/policy")
    adopting.settings = read(adopting, settings)["config"]

    adopting.typed(listing)
    fill_in(adopting, json.loads(blank), read(adopting, filled))
    adopting.typed(importing, "--yes", "--skip-preview")
    compared = adopting.typed(comparing)
    assert adopting.everything() == before
    assert_shows(compared, shown)

    assert deploying.strip() == "pulumi up"
    assert operations(adopting.up()) == [
        ("create", "ai-gateway-pool-last"),
        ("import", "ai-gateway-api-policy"),
        *(("update", name) for name in UPDATED),
    ]
    assert adopting.azure("POST", "subscriptions/team-a/listSecrets") == keys
    assert adopting.azure("GET", "apis/openai/policies/policy") == their_policy

    adopting.settings |= read(adopting, policy)
    assert operations(adopting.preview()) == [("update", "ai-gateway-api-policy")]


def read(stack: Stack, text: str) -> dict[str, Any]:
    """YAML or JSON of the page, without the project's namespace. Its … stands for what differs between readers."""
    return yaml.safe_load(
        text.replace("/subscriptions/…/service/our-apim", stack.service()).replace(f"{NAMESPACE}:", "")
    )


def fill_in(stack: Stack, blank: dict[str, Any], filled: dict[str, Any]) -> None:
    """Edit import.json as the page says: this entry becomes that one, others likewise, those without an id go."""
    file = stack.project.folder / "import.json"
    listed = json.loads(file.read_text())["resources"]
    assert listed.count(blank) == 1
    ids = {"ai-gateway-pool": "backends/openai-pool", "ai-gateway-team-a": "subscriptions/team-a"}
    ids |= {f"ai-gateway-{name}": f"backends/{name}" for name in BACKENDS}
    kept: list[dict[str, Any]] = []
    for entry in listed:
        if entry.get("component"):
            kept.append(entry)
        elif id := ids.get(entry.get("logicalName", entry["name"])):
            kept.append({**entry, "id": f"{stack.service()}/{id}"})
    assert filled in kept
    file.write_text(json.dumps({"resources": kept}))


def assert_shows(said: str, shown: str) -> None:
    """Each piece between two … of what is shown stands in what was said, in this order, but for the indentation."""
    rest = "\n".join(line.strip() for line in said.splitlines())
    for piece in shown.split("…"):
        _, found, rest = rest.partition("\n".join(line.strip() for line in piece.strip().splitlines()))
        assert found, piece
