"""The program's configuration: what Pulumi hands over, what Pulumi.yaml declares, what Pulumi.dev.yaml says."""

import contextvars
import itertools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from pulumi.runtime import set_all_config
from pulumi.runtime.settings import Settings, configure

from components.checks import GATEWAY, normalised, problems, snake_case, warnings
from components.checks.shapes import Kind, ListOf, MapOf, Shape, Text
from settings import NOT_GIVEN, OWN_KEYS, settings
from tests.support.inputs import GOOD

ROOT = Path(__file__).parent.parent
PROJECT = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
DECLARED: dict[str, dict[str, Any]] = {key: of for key, of in PROJECT["config"].items() if key not in OWN_KEYS}
STACKS: dict[str, dict[str, Any]] = {
    file.suffixes[0].removeprefix("."): yaml.safe_load(file.read_text())["config"]
    for file in sorted(ROOT.glob("Pulumi.*.yaml"))
}
DEV, PROD = STACKS["dev"], STACKS["prod"]

PREFIX = f"{PROJECT['name']}:"
DEFAULTS = {key: declared["default"] for key, declared in DECLARED.items()}


def configured(config: Mapping[str, Any], secrets: tuple[str, ...] = ()) -> Any:
    """What settings() makes of a stack's configuration, handed over as the CLI does: JSON, and texts as they are."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}

    def run() -> Any:
        configure(Settings(project=PROJECT["name"], stack="test"))
        set_all_config(texts, list(secrets))
        return settings()

    return contextvars.copy_context().run(run)


def ours(config: Mapping[str, Any]) -> dict[str, Any]:
    return {PREFIX + key: value for key, value in config.items()}


def refusal(config: Mapping[str, Any], secrets: tuple[str, ...] = ()) -> str:
    with pytest.raises(pulumi.RunError) as raised:
        configured(config, secrets)
    return str(raised.value)


class TestSettings:
    def test_the_configuration_becomes_the_gateways_arguments(self) -> None:
        assert configured(ours(GOOD)) == snake_case(GATEWAY, GOOD)

    def test_keys_under_a_name_that_is_nearly_the_projects_are_told(self) -> None:
        config = {key: value for key, value in ours(GOOD).items() if key != f"{PREFIX}location"}
        assert refusal({**config, "ai-gateway:location": "eastus2"}).splitlines()[1:3] == [
            '  - location: found nothing; a new service needs a region. Write for instance "eastus2".',
            '  - ai-gateway:location: found a key of "ai-gateway"; this program\'s keys begin with "apim-ai-gateway:".'
            ' Write "apim-ai-gateway:location".',
        ]

    def test_everything_wrong_is_told_in_one_message(self) -> None:
        bad = GOOD | {"location": "East US", "api": {"path": "/openai"}, "subscriptions": ["a", "A"], "poool": "x"}
        assert refusal(ours(bad)) == (
            "The configuration has 4 problems:\n"
            "  - poool: found an unknown key; the nearest known one is pool. Rename it to pool.\n"
            '  - location: found "East US"; the short name of an Azure region is needed. Write "eastus".\n'
            '  - api.path: found "/openai"; letters, digits and "-_.:/" are allowed, with no "/" at either end. '
            'Write "openai".\n'
            '  - subscriptions[1]: found "A"; subscriptions[0] has it already, and Azure does not look at the case. '
            "Rename or remove one of them.\n"
            "Every key, what it allows and its default are described in Pulumi.yaml and in the README's configuration "
            "table."
        )

    def test_a_stack_without_any_configuration_is_told_what_it_needs(self) -> None:
        told = [line.partition(": found")[0] for line in refusal(ours(DEFAULTS)).splitlines()]
        assert told[1:-1] == ["  - service", "  - backends", "  - location", "  - resourceGroup"]

    def test_the_configuration_of_others_is_none_of_our_business(self) -> None:
        assert configured(ours(GOOD) | {"azure-native:location": "eastus", "pulumi:autonaming": {}}) == configured(
            ours(GOOD)
        )

    def test_empty_values_of_keys_that_may_be_left_out_are_left_out(self) -> None:
        assert configured(ours(GOOD | {"applicationInsights": "", "tags": {}})) == snake_case(GATEWAY, GOOD)

    def test_an_empty_value_of_an_unknown_key_is_still_told_of(self) -> None:
        assert "locatoin: found an unknown key" in refusal(ours(GOOD | {"locatoin": ""}))

    @pytest.mark.parametrize("value", ["east", "[1, 2", "NaN", '"east"', "3"])
    def test_a_text_where_something_else_belongs_is_told_and_not_raised(self, value: str) -> None:
        assert "  - backends: found " in refusal(ours(GOOD | {"backends": value}))

    def test_a_number_for_a_text_arrives_as_a_text(self) -> None:
        assert 'location: found "3"; the short name of an Azure region is needed.' in refusal(
            ours(GOOD | {"location": 3})
        )

    def test_an_encrypted_value_is_refused_and_not_shown(self) -> None:
        service = GOOD["service"] | {"publisherEmail": "hunter2"}
        told = refusal(ours(GOOD | {"service": service, "location": "East US"}), (f"{PREFIX}service",))
        assert "hunter2" not in told
        assert told.splitlines()[:3] == [
            "The configuration has 2 problems:",
            "  - service: found an encrypted value; no key of this program holds a secret, and what is encrypted can "
            "be neither checked nor shown. Set it again without --secret.",
            '  - location: found "East US"; the short name of an Azure region is needed. Write "eastus".',
        ]


class TestProject:
    """Pulumi.yaml declares what the table of inputs has, for the CLI and for whoever reads it."""

    def test_it_declares_the_keys_of_the_table_in_their_order(self) -> None:
        assert list(PROJECT["config"]) == [*GATEWAY.keys, *OWN_KEYS]

    def test_every_key_has_type_description_and_default_and_none_is_a_secret(self) -> None:
        for key, declared in PROJECT["config"].items():
            assert set(declared) - {"items"} == {"type", "description", "default"}, key

    @pytest.mark.parametrize("key", DECLARED)
    def test_the_types_are_those_of_the_table(self, key: str) -> None:
        assert _type(DECLARED[key]) == _kind(GATEWAY.keys[key].kind)

    def test_the_defaults_are_those_of_the_code(self) -> None:
        of_code = normalised({})
        for key, default in DEFAULTS.items():
            assert of_code.get(key, default) == default, key
            assert key in of_code or default in ("", {}, []), key
        assert {key for key in of_code if DEFAULTS[key] != of_code[key]} == set()

    def test_a_key_is_needed_or_has_a_default_that_is_no_problem(self) -> None:
        rest = {key: default for key, default in DEFAULTS.items() if default not in NOT_GIVEN and key not in GOOD}
        assert problems(GOOD | rest) == []

    @pytest.mark.parametrize("key", DECLARED)
    def test_the_description_names_every_nested_key(self, key: str) -> None:
        words = set(re.findall(r"\w+", DECLARED[key]["description"]))
        assert set(_nested(GATEWAY.keys[key].kind)) <= words

    @pytest.mark.parametrize("key", PROJECT["config"])
    def test_the_description_is_made_of_sentences(self, key: str) -> None:
        description = PROJECT["config"][key]["description"]
        assert description[0].isupper()
        assert description.endswith(".")
        assert "\n" not in description

    def test_it_runs_in_a_virtual_environment_of_its_own(self) -> None:
        assert PROJECT["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}}


@pytest.mark.parametrize("stack", STACKS)
class TestEveryStack:
    """The committed Pulumi.<stack>.yaml files."""

    def test_every_key_is_declared(self, stack: str) -> None:
        assert {key.removeprefix(PREFIX) for key in STACKS[stack]} <= {*DECLARED, *OWN_KEYS}

    def test_it_has_neither_problems_nor_warnings(self, stack: str) -> None:
        inputs = {key.removeprefix(PREFIX): value for key, value in STACKS[stack].items()}
        inputs = {key: value for key, value in inputs.items() if key not in OWN_KEYS}
        assert problems(inputs) == []
        assert warnings(inputs) == []


class TestReferenceStack:
    """Pulumi.dev.yaml is the reference: three accounts in two tiers."""

    def test_it_is_the_reference_deployment(self) -> None:
        args = configured(ours(DEFAULTS) | DEV)
        assert args["service"]["sku"] == "Developer"
        assert args["pool"] == {"name": "openaiopool"}
        assert args["api"]["path"] == "openai"
        backends = normalised({key.removeprefix(PREFIX): value for key, value in DEV.items()})["backends"]
        assert [
            (backend["name"], backend["account"], backend["priority"], backend["weight"]) for backend in backends
        ] == [
            (name, {"name": name, "resourceGroup": "rg-openai"}, priority, 1)
            for name, priority in (("aoai-eus2-1", 1), ("aoai-eus-1", 2), ("aoai-eus-2", 2))
        ]

    def test_it_is_small(self) -> None:
        assert len((ROOT / "Pulumi.dev.yaml").read_text().splitlines()) <= 25


class TestProductionStack:
    """Pulumi.prod.yaml: PTU first, PAYG second, each in two regions, on somebody else's service, protected."""

    def test_paygs_accounts_are_used_when_every_ptu_account_is_exhausted(self) -> None:
        backends = PROD[f"{PREFIX}backends"]
        assert [(backend["name"], backend["priority"]) for backend in backends] == [
            *(("ptu-eus2", 1), ("ptu-swc", 1)),
            *(("payg-eus2", 2), ("payg-swc", 2)),
        ]

    def test_its_service_exists_and_nothing_can_be_deleted_by_accident(self) -> None:
        assert list(PROD[f"{PREFIX}service"]) == ["existing"]
        assert PROD[f"{PREFIX}protect"] is True

    def test_its_estate_has_what_it_names(self) -> None:
        groups = {
            group["name"]: group
            for group in yaml.safe_load((ROOT / "estates" / "prod.yaml").read_text())["resourceGroups"]
        }
        service = PROD[f"{PREFIX}service"]["existing"]
        assert service["name"] in [one["name"] for one in groups[service["resourceGroup"]]["services"]]
        regions = {one["name"]: one["location"] for one in groups["rg-openai-prod"]["accounts"]}
        named = [backend["account"] for backend in PROD[f"{PREFIX}backends"]]
        assert {account["resourceGroup"] for account in named} == {"rg-openai-prod"}
        assert {account["name"] for account in named} == set(regions)
        assert len(set(regions.values())) == 2


def _type(declared: Mapping[str, Any]) -> str:
    return f"{declared['type']} of {declared['items']['type']}" if "items" in declared else declared["type"]


def _kind(kind: Kind) -> str:
    if isinstance(kind, ListOf):
        return f"array of {_kind(kind.item)}"
    if isinstance(kind, Shape | MapOf):
        return "object"
    assert isinstance(kind, Text)
    return "string"


def _nested(kind: Kind) -> list[str]:
    """The keys within; those of a backend's breaker are described with the gateway's."""
    if isinstance(kind, ListOf):
        return _nested(kind.item)
    if not isinstance(kind, Shape):
        return []
    within = {name: [] if name == "breaker" else _nested(key.kind) for name, key in kind.keys.items()}
    return [*within, *itertools.chain.from_iterable(within.values())]
