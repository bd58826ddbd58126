"""The records of the rules: what a reader of a violation, of the docs and of Pulumi's console gets to see."""

import re

import pytest
import yaml
from guardrails.page import PAGE, render
from guardrails.registry import POLICIES, RULES
from guardrails.rule import Rule
from pack_process import FOLDER
from pulumi_policy import EnforcementLevel, Severity

EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])


def test_ids_are_unique():
    assert len({rule.id for rule in RULES}) == len(RULES)


@EACH_RULE
def test_an_id_is_kebab_case_and_begins_with_what_it_is_about(rule: Rule):
    assert re.fullmatch(r"(apim|openai|azure)(-[a-z0-9]+)+", rule.id)


@EACH_RULE
def test_a_description_is_one_full_sentence_that_says_what_and_why(rule: Rule):
    assert rule.says[0].isupper()
    assert rule.says.endswith(".")
    assert ". " not in rule.says
    assert ": " in rule.says  # demand: reason
    assert len(rule.says) < 240


@EACH_RULE
def test_the_remedy_is_an_instruction(rule: Rule):
    assert rule.fix[0].isupper()
    assert rule.fix.endswith((".", ")."))
    assert len(rule.fix) < 160


@EACH_RULE
def test_the_link_leads_to_microsofts_documentation(rule: Rule):
    assert re.fullmatch(r"https://learn\.microsoft\.com/azure/[a-z0-9/#-]+", rule.link)


@EACH_RULE
def test_every_rule_has_a_level_and_a_severity(rule: Rule):
    assert rule.level in (EnforcementLevel.ADVISORY, EnforcementLevel.MANDATORY)
    assert isinstance(rule.severity, Severity)


@EACH_RULE
def test_every_setting_is_in_the_schema_with_the_default_that_the_code_uses(rule: Rule):
    (policy,) = [policy for policy in POLICIES if policy.name == rule.id]
    assert policy.config_schema
    defaults = {key: schema["default"] for key, schema in policy.config_schema.properties.items()}
    assert defaults.pop("exclude") == []
    assert list(defaults.values()) == list(rule.configured({}).values())
    assert rule.configured(defaults) == rule.configured({})
    assert all(schema["description"] for schema in policy.config_schema.properties.values())
    assert policy.config_schema.properties["exclude"]["items"] == {"type": "string"}
    kinds = {"integer": int, "string": str, "array": list, "object": dict}
    assert all(isinstance(each["default"], kinds[each["type"]]) for each in policy.config_schema.properties.values())


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
