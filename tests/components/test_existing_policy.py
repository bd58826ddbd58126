"""The pool in a policy that exists already: what is put in, what stays, what is refused."""

import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.existing_policy import PolicyTextError, insert
from components.fallback import Member, fallback_pools
from components.policy import PolicySettings, reference_policy, render

GOLDEN = Path(__file__).parent / "golden"
RAW = (GOLDEN / "existing-raw.xml").read_text(encoding="utf-8")
REFERENCE = (Member("aoai-eus2-1", 1), Member("aoai-eus-1", 2), Member("aoai-eus-2", 2))
BEGIN = "<!-- apim-ai-gateway begins: made from its settings, not to be edited -->"
END = "<!-- apim-ai-gateway ends -->"


def in_front_of(*members: Member, pool: str = "openaiopool", **others: Any) -> PolicySettings:
    return PolicySettings(pool, len(members), fallback_pools(pool, members), **others)


SETTINGS = in_front_of(*REFERENCE)
OTHER_SETTINGS = in_front_of(Member("alone"), pool="other-pool", managed_identity=False)
PLAIN = """<policies>
    <inbound>
        <base />
    </inbound>
    <backend>
        <base />
    </backend>
    <outbound>
        <base />
    </outbound>
    <on-error>
        <base />
    </on-error>
</policies>
"""


def policy(**sections: str) -> str:
    """A policy in which the given sections differ from the plain ones; an empty text leaves one out."""
    usual = {name: f"<{name}><base /></{name}>" for name in ("inbound", "backend", "outbound", "on-error")}
    chosen = usual | {name.replace("_", "-"): text for name, text in sections.items()}
    return "<policies>\n" + "\n".join(filter(None, chosen.values())) + "\n</policies>"


# ---- what is put in


@pytest.mark.parametrize("failover", [True, False])
def test_a_raw_policy_with_tabs_gets_the_golden_text(failover: bool):
    file = GOLDEN / f"existing-raw-{'failover' if failover else 'pool'}.xml"
    text = insert(RAW, SETTINGS, failover=failover)
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


def test_the_pool_alone_makes_a_plain_policy_the_reference_policy():
    assert insert(PLAIN, SETTINGS, failover=False) == reference_policy("openaiopool").partition("\n")[2]


def elements(text: str) -> list[tuple[str, dict[str, str], str]]:
    return [
        (
            place.tag,
            {name: without_blanks(value) for name, value in place.attrib.items()},
            without_blanks(place.text or ""),
        )
        for place in ElementTree.fromstring(text).iter()
    ]


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("used", [SETTINGS, OTHER_SETTINGS])
def test_failover_makes_a_plain_policy_the_one_that_is_rendered(used: PolicySettings):
    assert elements(insert(PLAIN, used, failover=True)) == elements(render(used))
    marked = insert(PLAIN, used, failover=True).splitlines()
    left = [line for line in marked if line.strip() not in (BEGIN, END)]
    assert left == render(used).splitlines()[1:]


def test_a_missing_on_error_section_is_added():
    text = insert(policy(on_error=""), SETTINGS, failover=True)
    assert elements(text) == elements(render(SETTINGS))
    assert text.index("</outbound>") < text.index("<on-error>") < text.index("</policies>")


@pytest.mark.parametrize("empty", ["<inbound />", "<inbound/>", "<inbound></inbound>", '<inbound id="x" />'])
def test_an_empty_section_is_opened(empty: str):
    text = insert(policy(inbound=empty), SETTINGS, failover=False)
    inbound = ElementTree.fromstring(text).find("inbound")
    assert inbound is not None
    assert [place.attrib for place in inbound] == [{"id": "lb-backend", "backend-id": "openaiopool"}]
    assert inbound.get("id") == ("x" if "id=" in empty else None)


def test_the_insertion_follows_the_line_ends_and_the_indentation_that_are_there():
    windows = PLAIN.replace("    ", "\t").replace("\n", "\r\n")
    text = insert(windows, SETTINGS, failover=True)
    assert "\n" not in text.replace("\r\n", "")
    assert f"\r\n\t\t{BEGIN}\r\n\t\t<set-backend-service " in text
    assert "    " not in text


# ---- what stays


def without_insertions(text: str) -> str:
    """The text with what stands between our remarks taken out, and `<base/>` in its place in backend."""
    while BEGIN in text:
        before, _, rest = text.partition(BEGIN)
        after = rest.partition(END)[2]
        in_backend = before.count("<backend>") > before.count("</backend>")
        text = before + "<base/>" + after if in_backend else before.rstrip() + after
    return text


contents = st.sampled_from(
    [
        '<set-variable name="a" value="@(context.Variables["b"] == ">" && 1 < 2)" />',
        "<set-body>@{ return 1 < 2 ? \"</inbound>\" : ''; }</set-body>",
        "<!-- <retry> -->",
        '<trace source="s"><message>äöü €</message></trace>',
        "\t",
        "\n",
        "   ",
        "<choose><when condition='@(true)'><set-status code=\"200\" reason='x'/></when></choose>",
    ]
)
sections_of = {name: st.lists(contents, max_size=3).map("".join) for name in ("inbound", "outbound", "on-error")}
new_line = st.sampled_from(["\n", "\r\n"])
existing_policies = st.builds(
    lambda inbound, outbound, on_error, newline, margin: newline.join(
        [
            "<policies>",
            f"{margin}<inbound><base />{inbound}",
            f"{margin}</inbound>",
            f"{margin}<backend>",
            f"{margin}  <base/>",
            f"{margin}</backend>",
            f"{margin}<outbound>",
            f"{margin}  {outbound}<base /></outbound>",
            f"{margin}<on-error>{on_error}",
            f"{margin}</on-error>",
            "</policies>",
        ]
    ),
    sections_of["inbound"],
    sections_of["outbound"],
    sections_of["on-error"],
    new_line,
    st.sampled_from(["", "  ", "\t"]),
)
few = settings(deadline=None, max_examples=25)
any_settings = st.sampled_from([SETTINGS, OTHER_SETTINGS, in_front_of(*REFERENCE[:2], replay_body=False)])


def blanks_at_ends_aside(text: str) -> list[str]:
    """Lines without blanks at their ends: a section that ended in the middle of a line ends in one of its own."""
    return [line for line in text.replace("</", "\n</").splitlines() if line.strip()]


@few
@given(existing_policies, any_settings)
def test_everything_else_stays_as_it_is(existing: str, used: PolicySettings):
    text = insert(existing, used, failover=True)
    assert [line.split() for line in blanks_at_ends_aside(without_insertions(text))] == [
        line.split() for line in blanks_at_ends_aside(existing)
    ]


def test_every_other_byte_stays_where_sections_end_in_lines_of_their_own():
    assert without_insertions(insert(PLAIN.replace("<base />", "<base/>"), SETTINGS, failover=True)) == (
        PLAIN.replace("<base />", "<base/>")
    )


@few
@given(existing_policies, any_settings, any_settings, st.booleans())
def test_inserting_twice_is_inserting_once_and_the_later_settings_win(
    existing: str, first: PolicySettings, second: PolicySettings, failover: bool
):
    once = insert(existing, second, failover=failover)
    assert insert(once, second, failover=failover) == once
    assert insert(insert(existing, first, failover=failover), second, failover=failover) == once


@few
@given(existing_policies, any_settings)
def test_failover_can_be_added_to_the_pool_and_taken_away_again(existing: str, used: PolicySettings):
    pool, failover = (insert(existing, used, failover=wanted) for wanted in (False, True))
    assert insert(pool, used, failover=True) == failover
    assert without_blanks(insert(failover, used, failover=False)) == without_blanks(pool)


def test_an_insertion_is_found_again_after_azure_has_written_it_anew():
    """Azure gives a policy back with other quotes, entities and blanks."""
    text = insert(PLAIN, SETTINGS, failover=True)
    document = ElementTree.fromstring(text, ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True)))
    rewritten = ElementTree.tostring(document, "unicode")
    assert rewritten != text
    assert elements(insert(rewritten, OTHER_SETTINGS, failover=True)) == elements(render(OTHER_SETTINGS))


def test_the_element_for_the_pool_is_replaced_where_it_is():
    old = '<set-backend-service backend-id="old" id="lb-backend"></set-backend-service>'
    existing = policy(inbound=f"<inbound>{old}<base /></inbound>")
    assert insert(existing, SETTINGS, failover=False) == policy(
        inbound='<inbound><set-backend-service id="lb-backend" backend-id="openaiopool" /><base /></inbound>'
    )


# ---- what is refused

NO_ELEMENT = (
    "there is no element in it; the outermost one has to be <policies>. Write the text of the policy, not the name of"
    " its file."
)

CASES = {
    "": (True, NO_ELEMENT),
    "<!-- nothing -->": (True, NO_ELEMENT),
    "<fragment><base /></fragment>": (
        True,
        "<fragment> is the policy's outermost element; it has to be <policies>.",
    ),
    policy(inbound=""): (False, "The policy has no <inbound>. Add <inbound><base /></inbound> to it."),
    policy(backend=""): (
        True,
        "The policy has no <backend>, which failover is inserted into. Add <backend><base /></backend>.",
    ),
    policy(outbound=""): (
        True,
        "The policy has no <outbound>, which failover is inserted into. Add <outbound><base /></outbound>.",
    ),
    policy(inbound="<inbound><base /></inbound>\n<inbound />"): (
        False,
        "line 3: <inbound> is the second of its kind; Azure allows one.",
    ),
    policy(inbound='<inbound><base />\n<set-backend-service base-url="https://a" /></inbound>'): (
        False,
        "line 3: <set-backend-service> sends calls to 'https://a' already. Remove it, so that they go to the pool; or"
        ' give it id="lb-backend" to have it replaced.',
    ),
    policy(
        inbound='<inbound><choose><when condition="@(true)">\n\n<set-backend-service backend-id="b" />'
        "</when></choose></inbound>"
    ): (
        True,
        "line 4: <set-backend-service> sends calls to 'b' already. Remove it, so that they go to the pool; or"
        ' give it id="lb-backend" to have it replaced.',
    ),
    policy(
        backend='<backend>\n<retry condition="@(true)" count="1" interval="1"><forward-request /></retry></backend>'
    ): (
        True,
        "line 4: <retry> is in <backend>, where failover has its own. Replace it by <base />, or insert the pool alone"
        " (failover: false).",
    ),
    policy(backend="<backend><forward-request timeout='9' /></backend>"): (
        True,
        "line 3: <forward-request> is in <backend>, where failover has its own. Replace it by <base />, or insert the"
        " pool alone (failover: false).",
    ),
    policy(
        backend="<backend><choose><when condition='@(true)'><set-backend-service backend-id='b' /></when></choose>"
        "<base /></backend>"
    ): (
        True,
        "line 3: <set-backend-service> is in <backend>, where failover has its own. Replace it by <base />, or insert"
        " the pool alone (failover: false).",
    ),
    policy(backend="<backend />"): (
        True,
        "line 3: <backend> has 0 <base /> of its own; failover takes the place of one. Write"
        " <backend><base /></backend>.",
    ),
    policy(backend="<backend><base /><base /></backend>"): (
        True,
        "line 3: <backend> has 2 <base /> of its own; failover takes the place of one. Write"
        " <backend><base /></backend>.",
    ),
    policy(outbound=f"<outbound>{BEGIN}<base /></outbound>"): (
        True,
        "line 4: an insertion of apim-ai-gateway begins and does not end. Remove what is left of it, or put"
        " <!-- apim-ai-gateway ends --> behind it.",
    ),
    "<policies>\n<inbound>": (
        True,
        "line 2: <inbound> is not closed; this is no policy that Azure accepts.",
    ),
}


@pytest.mark.parametrize("existing", CASES)
def test_what_cannot_be_merged_is_refused_with_what_was_found_and_what_to_do(existing: str):
    failover, message = CASES[existing]
    with pytest.raises(PolicyTextError) as refused:
        insert(existing, SETTINGS, failover=failover)
    assert str(refused.value) == message
    assert isinstance(refused.value, ValueError)


@pytest.mark.parametrize(
    "backend",
    [
        '<backend><retry condition="@(true)" count="1" interval="1"><forward-request /></retry></backend>',
        "<backend><forward-request /></backend>",
        "<backend />",
        "",
    ],
)
def test_the_pool_alone_leaves_the_backend_section_alone(backend: str):
    text = insert(policy(backend=backend), SETTINGS, failover=False)
    assert ("\n" + backend in text) if backend else ("<backend" not in text)
