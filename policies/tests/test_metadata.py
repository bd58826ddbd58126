"""The records of the rules: what a reader of a violation, of the docs and of Pulumi's console gets to see."""

import re

import pytest
import yaml
from guardrails.page import PAGE, render
from guardrails.registry import POLICIES, RULES
from pack_process import FOLDER
from pulumi_policy import EnforcementLevel, Severity


def test_ids_are_unique():
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_an_id_is_kebab_case_and_begins_with_what_it_is_about():
    for rule in RULES:
        assert re.fullmatch(r"(apim|openai|azure)(-[a-z0-9]+)+", rule.id), rule.id


def test_a_description_is_one_full_sentence_that_says_what_and_why():
    for rule in RULES:
        assert rule.says[0].isupper(), rule.id
        assert rule.says.endswith("."), rule.id
        assert ". " not in rule.says, rule.id
        assert ": " in rule.says, rule.id  # demand: reason
        assert len(rule.says) < 240, rule.id


def test_the_remedy_is_an_instruction():
    for rule in RULES:
        assert rule.fix[0].isupper(), rule.id
        assert rule.fix.endswith((".", ").")), rule.id
        assert len(rule.fix) < 160, rule.id


def test_the_link_leads_to_microsofts_documentation():
    for rule in RULES:
        assert re.fullmatch(r"https://learn\.microsoft\.com/azure/[a-z0-9/#-]+", rule.link), rule.id


def test_every_rule_has_a_level_and_a_severity():
    for rule in RULES:
        assert rule.level in (EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY), rule.id
        assert isinstance(rule.severity, Severity), rule.id


def test_every_setting_is_in_the_schema_with_the_default_that_the_code_uses():
    for rule in RULES:
        (policy,) = [policy for policy in POLICIES if policy.name == rule.id]
        assert policy.config_schema, rule.id
        defaults = {key: schema["default"] for key, schema in policy.config_schema.properties.items()}
        assert defaults.pop("exclude") == [], rule.id
        assert list(defaults.values()) == list(rule.configured({}).values()), rule.id
        assert rule.configured(defaults) == rule.configured({}), rule.id
        assert all(schema["description"] for schema in policy.config_schema.properties.values()), rule.id
        assert policy.config_schema.properties["exclude"]["items"] == {"type": "string"}, rule.id
        kinds = {"integer": int, "string": str, "array": list, "object": dict}
        assert all(
            isinstance(each["default"], kinds[each["type"]]) for each in policy.config_schema.properties.values()
        ), rule.id


def test_the_documented_rules_are_the_rules():
    if not PAGE.parent.exists():
        pytest.skip("the page is part of the repository, not of a copied folder")
    assert PAGE.read_text(encoding="utf-8") == render(), "run `python -m guardrails.page` in policies/"


def test_the_manifest_names_what_pulumi_needs():
    manifest = yaml.safe_load((FOLDER / "PulumiPolicy.yaml").read_text(encoding="utf-8"))
    assert manifest["runtime"] == {"name": "python", "options": {"toolchain": "pip", "virtualenv": "venv"}}
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert manifest["description"]


def test_the_pack_imports_nothing_from_the_rest_of_the_repository():
    allowed = ("guardrails", "pulumi_policy")
    for module in [*FOLDER.glob("*.py"), *FOLDER.glob("guardrails/*.py")]:
        for line in module.read_text(encoding="utf-8").splitlines():
            found = re.match(r"(?:from|import) (\w+)", line)
            if found:
                assert found[1] in allowed or found[1] in STANDARD, f"{module.name}: {line}"


STANDARD = {"collections", "dataclasses", "fnmatch", "functools", "math", "pathlib", "re", "typing", "urllib", "xml"}
