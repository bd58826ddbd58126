"""The README and docs/ say what is true."""

import re

import yaml

from docs import policy_elements
from docs.configuration_table import table, with_table
from tests.support.docs import PAGES as MANUAL
from tests.support.docs import ROOT, blocks

README = (ROOT / "README.md").read_text()
PAGES = [*MANUAL, ROOT / "CHANGELOG.md"]


def test_the_configuration_table_is_the_one_that_pulumi_yaml_gives():
    made = table(yaml.safe_load((ROOT / "Pulumi.yaml").read_text()))
    assert with_table(README, made) == README, "run: python docs/configuration_table.py"


def test_the_policy_elements_that_are_listed_are_those_that_run():
    page = policy_elements.PAGE.read_text()
    made = policy_elements.with_section(page, policy_elements.section())
    assert made == page, "run: python -m docs.policy_elements"


def test_every_link_to_a_file_leads_somewhere():
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#\s]+)\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    written = re.compile(r"(?:`|^    )make ([a-z]+)", re.MULTILINE)  # as a command, not as a word of a sentence
    named = {word for page in PAGES for word in written.findall(page.read_text())}
    assert {"up", "test", "down", "preview", "bench"} & named
    assert named <= targets


def test_the_output_of_make_up_is_that_of_the_reference():
    [shown] = [block.text for block in blocks(ROOT / "README.md") if "Outputs" in block.text]
    urns = (ROOT / "tests" / "golden" / "urns.txt").read_text().split()
    made = {urn.split("::")[-1] for urn in urns if not urn.split("::")[-1].endswith("-dev")}
    listed = set(re.findall(r"^ *create +\S+ +(\S+)$", shown, re.MULTILINE))
    assert listed == made
    for output in ("endpoint", "gateway_url", "keys", "missing_roles", "pool_id", "principal_id"):
        assert re.search(rf"^ +{output} ", shown, re.MULTILINE), output
