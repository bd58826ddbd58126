"""The policy's text: golden files for the usual settings, and what holds for all of them."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from components.fallback import Member, fallback_pools
from components.policy import PolicySettings, reference_policy, render
from components.policy_text.markup import csharp_string

GOLDEN = Path(__file__).parent / "golden"
POOL = "openaiopool"
REFERENCE = (Member("aoai-eus2-1", 1), Member("aoai-eus-1", 2), Member("aoai-eus-2", 2))
few = settings(deadline=None, max_examples=40)


def flat(count: int) -> tuple[Member, ...]:
    return tuple(Member(f"m{index:02}") for index in range(count))


def in_front_of(members: tuple[Member, ...], **others: Any) -> PolicySettings:
    pool = others.pop("pool", POOL)
    return PolicySettings(pool, len(members), fallback_pools(pool, members), **others)


CASES = {
    "members-1": in_front_of(flat(1)),
    "members-2": in_front_of(flat(2)),
    "members-3-reference": in_front_of(REFERENCE),
    "members-3-one-a-tier": in_front_of((Member("a", 1), Member("b", 2), Member("c", 3))),
    "members-9": in_front_of(flat(9)),
    "identity-off": in_front_of(REFERENCE, managed_identity=False),
    "identity-user-assigned": in_front_of(REFERENCE, client_id="3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
    "replay-off": in_front_of(REFERENCE, replay_body=False),
    "time-outs-tried-elsewhere": in_front_of(REFERENCE, request_timeout=60, retry_ambiguous=True),
    "refused-at-once": in_front_of(REFERENCE, recovery_wait=0),
    "attempts-exposed": in_front_of(REFERENCE, expose_attempts=True),
    "other-breakers": in_front_of(
        REFERENCE,
        trip_duration=60,
        accept_retry_after=False,
        breaker_statuses=((408, 408), (429, 429), (499, 599)),
        breaker_count=3,
        retry_budget=1,
    ),
    "other-key-names": in_front_of(REFERENCE, key_header="Ocp-Apim-Subscription-Key", key_query="subscription-key"),
}


@pytest.mark.parametrize("case", CASES)
def test_the_text_is_the_golden_one(case: str):
    """UPDATE_GOLDEN=1 writes the files anew; read the difference before believing it."""
    assert_golden(f"policy-{case}.xml", render(CASES[case]))


def test_without_failover_the_policy_only_sends_calls_to_the_pool():
    assert_golden("policy-reference.xml", reference_policy(POOL))


def assert_golden(name: str, text: str) -> None:
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text == file.read_text(encoding="utf-8")


# ---- what holds for all of them

every_case = pytest.mark.parametrize("text", [*map(render, CASES.values()), reference_policy(POOL)])


def islands(text: str) -> Iterator[tuple[str, str, str]]:
    """Every expression: element, attribute ("" for the content), C#."""
    for place in ElementTree.fromstring(text).iter():
        for name, value in [*place.attrib.items(), ("", place.text or "")]:
            if value.startswith(("@(", "@{")):
                yield place.tag, name, value


def without_strings(code: str) -> str:
    return re.sub(r'"(?:[^"\\]|\\.)*"', '""', code)


@every_case
def test_the_pool_is_set_in_inbound_in_these_very_words(text: str):
    assert '        <set-backend-service id="lb-backend" backend-id="openaiopool" />\n' in text


@every_case
def test_indentation_is_four_spaces_a_level(text: str):
    assert "\t" not in text
    assert all((len(line) - len(line.lstrip())) % 4 == 0 for line in text.splitlines())
    assert text.endswith("</policies>\n")


SECTIONS = {
    "base": "inbound backend outbound on-error",
    "set-backend-service": "inbound backend",
    "set-header": "inbound backend outbound on-error",
    "set-query-parameter": "inbound backend",
    "authentication-managed-identity": "inbound",
    "cache-lookup-value": "inbound backend outbound on-error",
    "cache-store-value": "inbound backend outbound on-error",
    "set-variable": "inbound backend outbound on-error",
    "choose": "inbound backend outbound on-error",
    "retry": "inbound backend outbound on-error",
    "forward-request": "backend",
    "return-response": "inbound backend outbound on-error",
    "set-status": "inbound backend outbound on-error",
}
"""As each element's page says: https://learn.microsoft.com/azure/api-management/api-management-policies"""


@every_case
def test_every_element_stands_where_its_page_allows(text: str):
    policy = ElementTree.fromstring(text)
    assert [section.tag for section in policy] == ["inbound", "backend", "outbound", "on-error"]
    for section in policy:
        inside_of_others = {
            "value": "set-header",
            "when": "choose",
            "set-body": "return-response",
        }
        for parent in section.iter():
            for place in parent:
                if place.tag in inside_of_others:
                    assert parent.tag == inside_of_others[place.tag]
                else:
                    assert section.tag in SECTIONS[place.tag].split(), f"<{place.tag}> in <{section.tag}>"


@every_case
def test_parents_run_first_but_for_backend_which_holds_one_element(text: str):
    policy = ElementTree.fromstring(text)
    for name in ("inbound", "outbound", "on-error"):
        section = policy.find(name)
        assert section is not None
        assert section[0].tag == "base"
    backend = policy.find("backend")
    assert backend is not None
    assert len(backend) == 1


DOCUMENTED = {
    "Elapsed",
    "LastError",
    "Request.Headers",
    "Request.Url",
    "Response",
    "Response.Headers",
    "Response.StatusCode",
    "Variables",
    "Variables.ContainsKey",
    "Variables.GetValueOrDefault",
}


@every_case
def test_expressions_use_documented_members_and_no_character_literals_or_remarks(text: str):
    for _, _, code in islands(text):
        bare = without_strings(code)
        assert "'" not in bare
        assert "//" not in bare
        assert "{{" not in code
        for path in re.findall(r"context\.([A-Za-z]+(?:\??\.[A-Za-z]+)?)", bare):
            member = path.replace("?", "")
            assert member in DOCUMENTED or member.split(".")[0] in ("Elapsed", "LastError"), member


@every_case
def test_every_variable_that_is_read_is_one_that_is_set(text: str):
    written = set(re.findall(r'(?:<set-variable name|variable-name)="([^"]+)"', text))
    read = set(re.findall(r'(?:GetValueOrDefault&lt;\w+>\(|Variables\[|ContainsKey\()"([^"]+)"', text))
    never_written_without_retry = {"lb-moves", "lb-trips"}
    assert read - written <= never_written_without_retry
    assert all(name.startswith("lb-") for name in read | written)


def refusals(text: str) -> list[str]:
    """What stands in a branch from the setting of `lb-refusal` on."""
    found = []
    for when in ElementTree.fromstring(text).iter("when"):
        tags = [place.get("name") for place in when]
        if "lb-refusal" in tags:
            found.append("".join(ElementTree.tostring(place, "unicode") for place in when[tags.index("lb-refusal") :]))
    return [re.sub(r"\s+", " ", one) for one in found]


@pytest.mark.parametrize("case", CASES)
def test_both_ways_out_refuse_in_the_same_words(case: str):
    in_outbound, in_on_error = refusals(render(CASES[case]))
    assert in_outbound == in_on_error


@pytest.mark.parametrize("members", [1, 2, 3, 9, 30])
def test_one_member_renders_no_retry_and_others_as_many_as_the_budget_allows(members: int):
    retries = [place.attrib for place in ElementTree.fromstring(render(in_front_of(flat(members)))).iter("retry")]
    if members == 1:
        assert retries == []
        return
    waiting, at_once = retries
    assert (waiting["count"], waiting["interval"], waiting.get("first-fast-retry")) == ("3", "1", None)
    assert {name: at_once[name] for name in ("count", "interval", "first-fast-retry")} == {
        "count": str(min(members + 1, 5)),
        "interval": "0",
        "first-fast-retry": "true",
    }
    assert f"<= {min(members - 1, 5)} + (int)context" in at_once["condition"]


@pytest.mark.parametrize("others", [{"recovery_wait": 0}, {"retry_budget": 0}])
def test_a_call_does_not_wait_where_it_may_not_or_must_not_be_sent_again(others: dict[str, int]):
    retries = list(ElementTree.fromstring(render(in_front_of(REFERENCE, **others))).iter("retry"))
    assert [retry.get("interval") for retry in retries] == ["0"]


def test_a_call_waits_no_longer_than_it_may_and_its_time_lasts():
    text = render(in_front_of(REFERENCE, recovery_wait=5, request_timeout=47))
    waiting = next(ElementTree.fromstring(text).iter("retry"))
    assert (waiting.get("count"), waiting.get("interval")) == ("5", "1")
    assert "context.Elapsed.TotalSeconds + 5 >= 47) { return false; }" in waiting.attrib["condition"]
    assert ".Min() <= 5000L;" in waiting.attrib["condition"]


@pytest.mark.parametrize(("others", "buffered"), [({}, "true"), ({"replay_body": False}, "false")])
def test_the_body_is_buffered_where_it_may_be_sent_again_and_the_response_never(others: dict[str, bool], buffered: str):
    forwarded = list(ElementTree.fromstring(render(in_front_of(REFERENCE, **others))).iter("forward-request"))
    assert [(place.get("buffer-request-body"), place.get("buffer-response")) for place in forwarded] == [
        (buffered, "false")
    ]


@pytest.mark.parametrize("setting", ["replay_body", "one member"])
def test_without_retry_the_only_answer_is_judged_in_outbound(setting: str):
    text = render(in_front_of(flat(1)) if setting == "one member" else in_front_of(flat(3), replay_body=False))
    assert "<retry" not in text
    outbound = text.partition("<outbound>")[2].partition("</outbound>")[0]
    assert outbound.index('"lb-outcome"') < outbound.index("cache-store-value") < outbound.index("return-response")


def test_the_statuses_of_the_breakers_are_those_that_the_policy_waits_for():
    texts = {
        ((429, 429), (502, 504)): "status == 429 || status >= 502 && status <= 504",
        ((429, 429),): "status == 429",
        ((500, 599), (408, 408), (429, 429)): "status == 408 || status == 429 || status >= 500 && status <= 599",
        ((400, 599),): "status >= 400 && status <= 599",
        ((200, 299), (300, 404)): "status >= 400 && status <= 404 || status == 429",
        ((502, 504), (503, 504), (502, 504)): "status == 429 || status >= 502 && status <= 504",
        ((200, 299),): "status == 429",
        (): "status == 429",
    }
    for statuses, expected in texts.items():
        rendered = render(in_front_of(REFERENCE, breaker_statuses=statuses)).replace("&amp;", "&").replace("&lt;", "<")
        assert f"if ({expected}) {{ return" in rendered, statuses


def test_the_trip_duration_is_the_time_of_everything_that_is_remembered():
    text = render(in_front_of(REFERENCE, trip_duration=47))
    assert text.count('duration="47"') == 2
    assert "seconds = 47;" in text
    assert "(moved ? 47 : 1)" in text
    assert text.count("DefaultIfEmpty(47000L)") == 3
    assert not re.search(r"\b10\b|\b10000L", text)


def test_the_call_has_one_time_budget():
    text = render(in_front_of(REFERENCE, request_timeout=47))
    assert "context.Elapsed.TotalSeconds >= 47)" in text
    assert "timeout='@(Math.Max(1, 47 - (int)context.Elapsed.TotalSeconds))'" in text
    assert "230" not in text


@pytest.mark.parametrize("managed_identity", [True, False])
def test_401_and_403_are_failures_only_of_the_gateways_own_identity(managed_identity: bool):
    text = render(in_front_of(REFERENCE, managed_identity=managed_identity))
    assert ("401, 403, 408, 499" in text) == managed_identity
    assert ("not authorized for this operation on any backend it tried; your key is fine" in text) == managed_identity
    assert ("<authentication-managed-identity" in text) == managed_identity
    assert ('name="Authorization"' in text) != managed_identity


def test_who_answered_and_the_attempts_are_told_only_when_asked_for():
    assert 'name="x-ms-region" exists-action="delete"' in render(in_front_of(REFERENCE))
    assert "x-gateway-attempts" not in render(in_front_of(REFERENCE))
    told = render(in_front_of(REFERENCE, expose_attempts=True))
    assert "x-ms-region" not in told
    assert told.count("x-gateway-attempts") == 5
    assert (told.count("x-gateway-backend"), render(in_front_of(REFERENCE)).count("x-gateway-backend")) == (1, 0)


@pytest.mark.parametrize("case", CASES)
def test_no_message_names_a_backend_a_pool_a_host_or_an_identity(case: str):
    for element, _, code in islands(render(CASES[case])):
        if element in ("set-body", "value", "set-status"):
            assert not re.search(r"openaiopool|aoai|azure|eus|3f2504e0|LastError", code)


def test_it_stays_short():
    """Azure takes 512 KiB, of which it is a small part: whoever has to read it is the reason."""
    assert len(render(in_front_of(REFERENCE))) < 15_500
    assert max(len(render(case)) for case in CASES.values()) < 17_500


# ---- names

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


def rendered_with_names(pool: str, client_id: str, header: str, query: str, *, identity: bool) -> str:
    return render(
        in_front_of(
            REFERENCE, pool=pool, client_id=client_id, key_header=header, key_query=query, managed_identity=identity
        )
    )


def skeleton(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(place.tag, tuple(place.attrib)) for place in ElementTree.fromstring(text).iter()]


@few
@given(names, names, names, names, st.booleans())
@example('x"/><inbound>', "'", "<b>&amp;", "]]>", True)
@example('x"); return context.Subscription.Key; //', "\\", '"', "'", False)
@example("return 1;", "return ", "return ", "return ", False)
@example("back\\slash\\", "a\\", "\\u0022", '\\"', False)
def test_names_change_nothing_but_the_texts_that_are_names(
    pool: str, client_id: str, header: str, query: str, identity: bool
):
    given_names = (pool, client_id, header, query)
    assume(not any(sign in name for name in given_names for sign in ("{{", "@(", "@{", "\ufffe", "\uffff")))
    usual = ("usual-pool", "usual-client", "usual-header", "usual-query")
    text, expected = (rendered_with_names(*four, identity=identity) for four in (given_names, usual))
    assert skeleton(text) == skeleton(expected)

    for (element, name, code), (_, _, usual_code) in zip(islands(text), islands(expected), strict=True):
        for suffix in ("-last", "-first", "-turned", ""):
            usual_code = usual_code.replace(csharp_string(usual[0] + suffix), csharp_string(pool + suffix))
        usual_code = usual_code.replace(csharp_string(usual[2])[1:-1], csharp_string(header)[1:-1])
        usual_code = usual_code.replace(csharp_string(usual[3])[1:-1], csharp_string(query)[1:-1])
        assert code == usual_code, (element, name)

    [backend, *_] = ElementTree.fromstring(text).iter("set-backend-service")
    assert backend.attrib == {"id": "lb-backend", "backend-id": pool}
    assert [place.get("name") for place in ElementTree.fromstring(text).iter("set-query-parameter")] == [query]
    deleted = [place.get("name") for place in ElementTree.fromstring(text).iter("set-header")]
    assert header in deleted
    if identity:
        assert [p.get("client-id") for p in ElementTree.fromstring(text).iter("authentication-managed-identity")] == [
            client_id
        ]


@pytest.mark.parametrize("name", ["pool", "client_id", "key_header", "key_query"])
@pytest.mark.parametrize("text", ["@(context.Subscription.Key)", "@{ return 1; }", "{{named-value}}", "\x00"])
def test_names_that_azure_would_read_as_code_are_refused(name: str, text: str):
    with pytest.raises(ValueError, match=r"Azure would read as|a policy cannot hold"):
        render(replace(in_front_of(REFERENCE), **{name: text}))


def test_the_same_settings_give_the_same_text():
    assert render(in_front_of(REFERENCE)) == render(in_front_of(tuple(reversed(REFERENCE))))
