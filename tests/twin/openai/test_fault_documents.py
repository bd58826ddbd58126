"""Faults as JSON: what they mean, and all that can be wrong with one."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.openai.fault_documents import EFFECTS, BadFault, fault_from
from twin.openai.faults import Fault

NOW = 1_000.0


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ({"status": 503}, Fault(status=503)),
        ({"status": 429, "retryAfter": 0.5, "for": 60}, Fault(status=429, retry_after=0.5, until=1_060)),
        ({"latency": 2, "deployment": "a"}, Fault(latency=2, deployment="a")),
        ({"connection": "dns", "count": 3}, Fault(connection="dns", count=3)),
        ({"tokensPerSecond": 1.5, "share": 0.1}, Fault(tokens_per_second=1.5, share=0.1)),
        ({"cutAfter": 0}, Fault(cut_after=0)),
        ({"tokensPerMinute": 1000}, Fault(tokens_per_minute=1000)),
        ({"identity": "refused"}, Fault(identity="refused")),
    ],
)
def test_a_document_is_a_fault_and_back(document: dict[str, object], fault: Fault):
    assert fault_from(document, NOW) == fault
    assert fault.entry(NOW) == document


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        ([], ['a fault must be an object, such as {"status": 503}']),
        ({}, [f"it must have exactly one of {', '.join(EFFECTS)}, not none"]),
        (
            {"status": 503, "latency": 1},
            [f"it must have exactly one of {', '.join(EFFECTS)}, not status and latency"],
        ),
        (
            {"latency": -1, "retryAfter": 1, "stauts": 503},
            [
                "stauts is not known; did you mean status?",
                "retryAfter goes with status only",
                "latency is -1: it must be a number of seconds, 0 or more",
            ],
        ),
        ({"status": 200}, ["status is 200: it must be a whole number from 400 to 599"]),
        ({"status": True}, ["status is True: it must be a whole number from 400 to 599"]),
        ({"cutAfter": 1.5}, ["cutAfter is 1.5: it must be a whole number, 0 or more"]),
        ({"connection": "lost"}, ["connection is 'lost': it must be refused or dns or tls or reset or hang"]),
        ({"identity": True}, ["identity is True: it must be refused"]),
        ({"tokensPerSecond": 0}, ["tokensPerSecond is 0: it must be a number above 0"]),
        (
            {"status": 503, "for": 0, "count": 0, "share": 1.1, "deployment": ""},
            [
                "for is 0: it must be a number above 0",
                "count is 0: it must be a whole number, 1 or more",
                "share is 1.1: it must be a number above 0 and up to 1",
                "deployment is '': it must be a name",
            ],
        ),
    ],
)
def test_a_bad_document_is_refused_with_every_problem_at_once(document: object, problems: list[str]):
    with pytest.raises(BadFault) as refused:
        fault_from(document, NOW)
    assert refused.value.problems == problems


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.dictionaries(st.text(), inner))
)
def test_no_document_is_anything_but_a_fault_or_refused(document: object):
    with pytest.raises(BadFault):
        fault_from(document, NOW)


@given(
    st.dictionaries(
        st.sampled_from((*EFFECTS, "for", "count", "share", "deployment")), st.none() | st.text() | st.floats()
    )
)
def test_values_of_any_kind_are_a_fault_or_refused(document: dict[str, object]):
    with contextlib.suppress(BadFault):
        assert fault_from(document, NOW).entry(NOW).keys() <= document.keys()
