"""What the twin does not run yet is known by name, and refused with its place."""

from pathlib import Path

import pytest

from tests.support.world import document
from twin.policy.catalogue import POLICIES
from twin.policy.compiler import ELEMENTS
from twin.policy.support import supported_elements, unsupported

GOLDEN = sorted((Path(__file__).parents[2] / "components" / "golden").glob("*.xml"))


def found(text: str) -> list[tuple[int, int, str, str]]:
    return [(one.line, one.column, one.target, one.sentence) for one in unsupported(text, "rawxml")]


def test_every_element_that_runs_is_one_of_azures() -> None:
    assert set(ELEMENTS) <= set(POLICIES)


@pytest.mark.parametrize("tag", sorted(set(POLICIES) - set(supported_elements())))
def test_every_other_element_of_azure_is_refused_by_name(tag: str) -> None:
    assert found(f"<policies>\n<inbound><{tag} /></inbound></policies>") == [
        (2, 11, tag, f"'{tag}' is not supported by the twin yet.")
    ]


@pytest.mark.parametrize("tag", supported_elements())
def test_elements_that_run_are_not_refused(tag: str) -> None:
    assert found(document({"inbound": f"<{tag} />"})) == []


def test_elements_are_found_wherever_they_stand() -> None:
    text = """<policies>
  <backend>
    <retry condition="@(1 < 2)" count="1" interval="1">
      <choose><when condition="@(true)"><xsl-transform /></when><otherwise><jsonp /></otherwise></choose>
      <send-request><authentication-certificate thumbprint="x" /></send-request>
    </retry>
  </backend>
</policies>"""
    assert [(line, target) for line, _, target, _ in found(text)] == [
        (4, "xsl-transform"),
        (4, "jsonp"),
        (5, "authentication-certificate"),
    ]


def test_what_is_inside_an_element_that_is_refused_is_not_told() -> None:
    text = document({"inbound": "<validate-jwt><openid-config url='x' /><issuers><issuer /></issuers></validate-jwt>"})
    assert [target for _, _, target, _ in found(text)] == ["validate-jwt"]


def test_attributes_that_the_twin_does_not_know_are_told_with_their_place() -> None:
    assert found('<policies>\n<inbound><set-backend-service id="x" sf-listener-name="y" /></inbound></policies>') == [
        (2, 38, "set-backend-service", "The attribute 'sf-listener-name' is not supported by the twin yet.")
    ]


def test_a_fragment_is_looked_through_as_well() -> None:
    assert [target for _, _, target, _ in found("<fragment><trace source='s' /><validate-jwt /></fragment>")] == [
        "validate-jwt"
    ]


def test_what_azure_does_not_know_is_left_to_the_check_of_the_structure() -> None:
    assert found(document({"inbound": "<oops><jsonp /></oops>"})) == []


def test_a_text_that_is_no_policy_has_nothing_to_refuse() -> None:
    assert found("<policies") == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_everything_that_the_components_render_runs(path: Path) -> None:
    assert found(path.read_text()) == []
