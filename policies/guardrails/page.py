"""The page that documents the rules, written from their records: `python -m guardrails.page` in policies/ renews it."""

from collections.abc import Iterable
from pathlib import Path

from guardrails.registry import FAMILIES, RULES
from guardrails.rule import MANDATORY, Rule, camel_case

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policy-pack.md"

INTRODUCTION = """# The rules of the policy pack

<!-- Written from the rules' own records: run `python -m guardrails.page` in policies/ after a change. -->

policies/ is a Pulumi policy pack of {count} rules, {mandatory} mandatory and {advisory} advisory. It needs nothing else
of this repository: copy the folder, or `pulumi policy publish` it, and use it with any program that makes Azure API
Management with the azure-native provider.

<!-- needs a network -->
    cd policies && pulumi install && cd ..      # once: the pack's own virtual environment
    pulumi preview --policy-pack policies

A mandatory rule stops `preview` and `up`; an advisory one prints a warning. `--policy-pack-config FILE` sets levels,
thresholds and exceptions, by rule:

<!-- tested by tests/engine/test_pack.py::test_the_configuration_on_the_packs_page_is_taken -->
    {{
      "apim-policy-retry-is-short": {{"maximumCount": 3}},
      "apim-pool-member-has-breaker": {{"exclude": ["legacy-*"]}},
      "apim-pool-has-two-members": "disabled",
      "azure-resource-has-tags": {{"enforcementLevel": "remediate", "tags": {{"owner": "platform"}}}}
    }}

Every rule takes `exclude`, patterns of the names or URNs of resources it leaves alone.

## In a preview

Many values are unknown before the first `up`. A rule decides from what is known: a pool with a url is stopped although
the url itself is unknown, and a member without a circuit breaker is found by what the pool depends on although no id
exists yet. Only where the unknown value alone decides, a mandatory rule reports "can't run policy ... during preview"
as a warning, and `up` decides: over single resources before each is made, over relations when all are.

Rules over relations (member and backend, policy and backend, API and token check) see what this stack makes. What lives
outside is not guessed at: a member made elsewhere gives a warning (`apim-pool-member-is-in-stack`), a backend that a
policy names must exist only when the service itself is made in the stack. Relations are judged with what the rules over
single resources saw before, so leave at least one of those switched on.
"""


def render() -> str:
    """The page as Markdown: a table of all rules, then each one with its remedy, its page and its settings."""
    mandatory = sum(rule.level is MANDATORY for rule in RULES)
    parts = [
        INTRODUCTION.format(count=len(RULES), mandatory=mandatory, advisory=len(RULES) - mandatory),
        "## All rules\n\n" + "\n".join(_table(RULES)),
        *(f"## {family}\n\n" + "\n\n".join(map(_section, rules)) for family, rules in FAMILIES.items()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _table(rules: Iterable[Rule]) -> list[str]:
    rows = [f"| [{rule.id}](#{rule.id}) | {rule.level.value} | {rule.severity.value} |" for rule in rules]
    return ["| rule | level | severity |", "|---|---|---|", *rows]


def _section(rule: Rule) -> str:
    lines = [
        f"### {rule.id}",
        "",
        rule.says,
        "",
        f"* {rule.level.value}, {rule.severity.value}; looks at {', '.join(rule.kinds)}",
        f"* Remedy: {rule.fix}",
        *(
            f"* Setting `{camel_case(name)}` (default `{setting.default}`): {setting.meaning}"
            for name, setting in rule.settings.items()
        ),
        f"* [Microsoft's page]({rule.link})",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
