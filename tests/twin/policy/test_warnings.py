"""What Azure takes and what cannot work all the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from twin.policy.warnings import policy_warnings
from twin.policy.warnings.pools import Member

GOLDEN = sorted((Path(__file__).parents[2] / "components" / "golden").glob("*.xml"))
THROTTLING = ((429, 429),)
OUTAGES = ((429, 429), (502, 504))
TOKEN = '<authentication-managed-identity resource="https://cognitiveservices.azure.com" />'
KEPT = '<forward-request buffer-request-body="true" buffer-response="false" />'
AT_ONCE = 'interval="0" first-fast-retry="true"'
BUSY = "@(context.Response != null && context.Response.StatusCode == 429)"


def policy(inbound: str = "", backend: str = "<base />", outbound: str = "", on_error: str = "") -> str:
    sections = {"inbound": inbound, "backend": backend, "outbound": outbound, "on-error": on_error}
    return "<policies>\n" + "\n".join(f"<{name}>{held}</{name}>" for name, held in sections.items()) + "\n</policies>"


def retry(*held: str, condition: str = BUSY, waits: str = AT_ONCE, count: object = 2) -> str:
    return f"<retry condition='{condition}' count='{count}' {waits}>{''.join(held) or KEPT}</retry>"


def warnings(text: str, pools: Mapping[str, Sequence[Member]] | None = None) -> list[str]:
    found = policy_warnings(text, "rawxml", lambda backend: (pools or {}).get(backend, ()))
    return [f"{one.target}: {one.message}" for one in found]


def in_backend(*held: str, inbound: str = "") -> list[str]:
    return warnings(policy(inbound, retry(*held)))


def beginnings(found: Sequence[str]) -> list[str]:
    """The first sentences, without the reasons and the way out."""
    return [one.split(",")[0].split(" (")[0] for one in found]


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_policies_that_the_components_render_have_no_warnings(path: Path):
    members = [Member("ptu", 1, OUTAGES), Member("payg", 2, OUTAGES)]
    assert policy_warnings(path.read_text(), "rawxml", lambda _backend: members) == []


def test_a_text_that_is_not_well_formed_has_problems_but_no_warnings():
    assert policy_warnings("<policies><inbound>", "xml") == []


def test_warnings_stand_at_their_place_in_the_order_of_the_text():
    text = policy(TOKEN, "\n  " + retry("<forward-request />", waits='interval="0"'))
    assert [(one.line, one.column, one.target) for one in policy_warnings(text, "rawxml")] == [
        (4, 4, "retry"),
        (4, 112, "forward-request"),
        (4, 112, "forward-request"),
    ]


# -- the request's body


def test_a_retried_request_whose_body_is_not_kept_is_sent_empty():
    [found] = in_backend("<forward-request timeout='60' />")
    assert found == (
        "forward-request: A retry sends this request without its body, because the body is not kept. "
        'Set buffer-request-body="true".'
    )


def test_each_request_within_a_retry_is_looked_at_wherever_it_stands():
    held = f"<choose><when condition='@(true)'>{KEPT}</when><otherwise><forward-request /></otherwise></choose>"
    assert beginnings(in_backend(held)) == ["forward-request: A retry sends this request without its body"]


@pytest.mark.parametrize("value", ["true", "True", "1"])
def test_a_body_that_is_kept_can_be_sent_again(value: str):
    assert in_backend(f'<forward-request buffer-request-body="{value}" />') == []


def test_a_request_that_is_sent_once_needs_no_kept_body():
    assert warnings(policy(backend="<forward-request />")) == []


OWN = '<send-request mode="new" response-variable-name="r"><set-url>https://x</set-url></send-request>'


def test_a_retry_of_the_policys_own_request_is_not_about_the_callers_body_or_its_address():
    inbound = '<set-backend-service base-url="https://one.example" />'
    assert warnings(policy(inbound, retry(OWN) + "<forward-request />")) == []


# -- waits


@pytest.mark.parametrize(
    ("waits", "count", "seconds"),
    [
        ('interval="120"', 3, 360),
        ('interval="121" first-fast-retry="true"', 3, 242),
        ('interval="10" delta="20"', 6, 360),
        ('interval="1" delta="10" max-interval="60"', 7, 350),
        ('interval="1" delta="10" max-interval="1"', 5000, 5000),  # what Azure refuses is judged as well
    ],
)
def test_waits_that_outlast_a_silent_connection_are_told_in_seconds(waits: str, count: int, seconds: int):
    [found] = warnings(policy(backend=retry(waits=waits, count=count)))
    assert found.startswith(f"retry: The waits between the attempts add up to {seconds} seconds")


def test_waits_between_the_policys_own_requests_keep_the_caller_waiting_too():
    assert beginnings(warnings(policy(inbound=retry(OWN, waits='interval="100"', count=3)))) == [
        "retry: The waits between the attempts add up to 300 seconds"
    ]


@pytest.mark.parametrize(
    ("waits", "count"),
    [
        ('interval="120"', 2),
        ('interval="120" first-fast-retry="true"', 3),
        ('interval="1" delta="10" max-interval="40"', 6),
        ("interval='@(context.Variables.GetValueOrDefault<int>(\"wait\", 300))'", 3),
        ('interval="{{wait}}"', 3),
    ],
)
def test_waits_that_fit_or_are_not_known_are_not_told(waits: str, count: int):
    assert warnings(policy(backend=retry(waits=waits, count=count))) == []


def test_an_interval_of_nothing_is_documented_only_with_a_fast_first_retry():
    [found] = warnings(policy(backend=retry(waits='interval="0"')))
    assert found.startswith("retry: An interval of 0 is not documented")


# -- the same address again


ONE_URL = '<set-backend-service base-url="https://one.example" />'
TWO_URLS = '<set-backend-service base-url="https://two.example" />'
BY_VARIABLE = "<set-backend-service base-url='@((string)context.Variables[\"url\"])' />"
POOL = '<set-backend-service backend-id="pool" />'
SAME = ["retry: Each attempt goes at once to the address that has just failed: a base-url has no circuit breaker"]


@pytest.mark.parametrize(
    ("inbound", "held"), [(ONE_URL, ""), (BY_VARIABLE, ""), (POOL, ONE_URL), (ONE_URL, ONE_URL), ("", ONE_URL)]
)
def test_a_retry_at_once_that_chooses_no_other_address_meets_the_same_one(inbound: str, held: str):
    assert beginnings(in_backend(held + KEPT, inbound=inbound)) == SAME


@pytest.mark.parametrize(
    ("inbound", "held"),
    [
        ("", ""),  # the API's own url, or what an outer policy chose
        (POOL, ""),
        (ONE_URL, POOL),
        (ONE_URL, BY_VARIABLE),
        (ONE_URL, f"<choose><when condition='@(true)'>{ONE_URL}</when><otherwise>{TWO_URLS}</otherwise></choose>"),
        (ONE_URL, '<include-fragment fragment-id="choose" />'),
    ],
)
def test_a_retry_that_may_reach_another_one_is_left_alone(inbound: str, held: str):
    assert in_backend(held + KEPT, inbound=inbound) == []


def test_a_retry_that_waits_for_one_address_to_recover_is_left_alone():
    assert warnings(policy(ONE_URL, retry(waits='interval="5"'))) == []


# -- streams


MODEL = [
    TOKEN,
    '<set-backend-service base-url="https://one.openai.azure.com/openai" />',
    '<llm-token-limit counter-key="k" estimate-prompt-tokens="false" tokens-per-minute="5" />',
    '<set-header name="accept"><value>text/event-stream</value></set-header>',
]


@pytest.mark.parametrize("inbound", MODEL)
def test_answers_of_a_model_that_are_held_back_arrive_in_lumps(inbound: str):
    [found] = warnings(policy(inbound, '<forward-request timeout="60" />'))
    assert found.startswith("forward-request: Answers of a model are held back")


def test_answers_that_flow_are_well_also_beside_some_that_are_held_back():
    flowing = '<forward-request buffer-response="false" />'
    choice = f"<choose><when condition='@(true)'>{flowing}</when><otherwise><forward-request /></otherwise></choose>"
    assert warnings(policy(TOKEN, choice)) == []


def test_answers_of_another_api_may_be_held_back():
    other = '<authentication-managed-identity resource="https://management.azure.com" />'
    assert warnings(policy(other, "<forward-request />")) == []


# -- reason texts


RESTS = "This rests on a text for people"


@pytest.mark.parametrize(
    "condition",
    [
        '@(context.Response?.StatusReason.Contains("Backend pool"))',
        '@(context.LastError.Message == "x")',
        '@(context.LastError?.Message.StartsWith("Backend") == true)',
    ],
)
def test_a_condition_that_rests_on_a_reason_text_is_told(condition: str):
    text = policy(on_error=f"<choose><when condition='{condition}'><trace source='x'>x</trace></when></choose>")
    assert beginnings(warnings(text)) == [f"when: {RESTS}"]


@pytest.mark.parametrize(
    "value",
    [
        '@(context.LastError.Message.ToLower().Contains("pool") ? "a" : "b")',
        '@(context.Response.StatusReason != "OK")',
        '@(Regex.IsMatch(context.Response.StatusReason, "pool"))',
        '@{ return context.LastError.Message.IndexOf("pool") >= 0; }',
    ],
)
def test_a_value_that_compares_a_reason_text_is_told(value: str):
    text = policy(outbound=f"<set-variable name='x' value='{value}' />")
    assert beginnings(warnings(text)) == [f"set-variable: {RESTS}"]


@pytest.mark.parametrize(
    "value", ["@(context.LastError.Message)", '@(context.Response.StatusReason + "!")', "@(context.LastError.Reason)"]
)
def test_a_reason_text_may_be_shown(value: str):
    assert warnings(policy(outbound=f"<set-variable name='x' value='{value}' />")) == []


def test_the_reason_of_an_error_is_a_documented_word():
    condition = '@(context.LastError.Reason == "Timeout")'
    assert warnings(policy(on_error=f"<choose><when condition='{condition}'><base /></when></choose>")) == []


# -- no answer


BARE = "@(context.Response.StatusCode == 429)"
NO_ANSWER = "There may be no context.Response here"


@pytest.mark.parametrize(
    "text",
    [
        policy(backend=retry(condition=BARE)),
        policy(backend=retry(f"<choose><when condition='{BARE}'><base /></when></choose>", KEPT)),
        policy(inbound=f"<choose><when condition='{BARE}'><base /></when></choose>"),
        policy(on_error=f"<choose><when condition='{BARE}'><base /></when></choose>"),
        f"<fragment>{retry(condition=BARE)}</fragment>",
    ],
)
def test_a_condition_that_forgets_that_there_may_be_no_answer_is_told(text: str):
    assert [one.partition(": ")[2] for one in beginnings(warnings(text))] == [NO_ANSWER]


@pytest.mark.parametrize(
    "condition",
    [
        "@(context.Response?.StatusCode == 429)",
        "@(null == context.Response || context.Response.StatusCode == 429)",
        "@(context.Response is null || context.Response.StatusCode == 429)",
        "@{ var answer = context.Response; return answer?.StatusCode == 429; }",
    ],
)
def test_a_condition_that_asks_for_an_answer_first_is_well(condition: str):
    assert warnings(policy(backend=retry(condition=condition))) == []


@pytest.mark.parametrize(
    "text",
    [
        policy(outbound=f"<choose><when condition='{BARE}'><base /></when></choose>"),
        policy(backend=retry(KEPT, f"<choose><when condition='{BARE}'><base /></when></choose>")),
    ],
)
def test_after_an_attempt_that_was_answered_there_is_an_answer(text: str):
    assert warnings(text) == []


@pytest.mark.parametrize("limit", ["rate-limit-by-key", "quota-by-key"])
def test_what_is_counted_at_the_end_of_a_call_may_read_its_answer(limit: str):
    # As on https://learn.microsoft.com/azure/api-management/rate-limit-by-key-policy#example
    counted = f'calls="10" renewal-period="300" counter-key="all" increment-condition="{BARE}"'
    assert warnings(policy(f"<{limit} {counted} />")) == []


# -- pools


def test_a_member_without_a_circuit_breaker_keeps_every_later_priority_out_of_use():
    members = [Member("ptu", 1, None), Member("payg", 2, OUTAGES)]
    assert warnings(policy(POOL), {"pool": members}) == [
        "set-backend-service: Nothing below priority 1 of the pool 'pool' is ever used: its member 'ptu' has no "
        "circuit breaker, so it never counts as unavailable. Give it one."
    ]


def test_the_last_priority_needs_no_circuit_breaker_for_the_sake_of_later_ones():
    members = [Member("ptu", 1, OUTAGES), Member("payg-1", 2, None), Member("payg-2", 2, None)]
    assert warnings(policy(POOL), {"pool": members}) == []


@pytest.mark.parametrize(
    ("inbound", "held"),
    [(POOL, ""), (POOL, POOL), ("", POOL)],
)
def test_statuses_that_are_repeated_and_open_no_breaker_are_told(inbound: str, held: str):
    server_errors = "@(context.Response == null || context.Response.StatusCode >= 500)"
    members = [Member("ptu", 1, OUTAGES), Member("payg", 2, OUTAGES)]
    found = warnings(policy(inbound, retry(held + KEPT, condition=server_errors)), {"pool": members})
    assert [one.split(": the pool may")[0] for one in found] == [
        f"retry: This repeats 500-501, 505-599, which the circuit breaker of '{name}' in the pool 'pool' does not watch"
        for name in ("payg", "ptu")
    ]


def test_a_member_that_watches_what_is_repeated_is_not_told():
    members = [Member("ptu", 1, THROTTLING), Member("payg", 2, OUTAGES)]
    busy_or_out = "@(context.Response?.StatusCode == 429 || context.Response?.StatusCode == 503)"
    [found] = warnings(policy(POOL, retry(condition=busy_or_out)), {"pool": members})
    assert found.startswith("retry: This repeats 503, which the circuit breaker of 'ptu' in the pool 'pool'")


@pytest.mark.parametrize(
    ("held", "condition", "waits"),
    [
        ("<set-backend-service backend-id='@((string)context.Variables[\"next\"])' />", "@(true)", AT_ONCE),
        ('<set-backend-service backend-id="{{pool}}" />', "@(true)", AT_ONCE),
        (POOL + POOL.replace("pool", "other"), "@(true)", AT_ONCE),
        (POOL, "@(true)", 'interval="5"'),
        (POOL, BUSY, AT_ONCE),
        (POOL, '@((bool)context.Variables["again"])', AT_ONCE),
        (POOL, "@(no such expression)", AT_ONCE),
    ],
)
def test_a_retry_whose_next_member_or_status_is_not_known_is_left_alone(held: str, condition: str, waits: str):
    members = [Member("ptu", 1, OUTAGES), Member("payg", 2, OUTAGES)]
    text = policy("", retry(held + KEPT, condition=condition, waits=waits))
    assert warnings(text, {"pool": members, "other": members, "{{pool}}": members}) == []


# -- a whole policy, in the shape of the samples that teams copy


def test_the_shape_of_policy_that_is_copied_most_is_told_all_that_will_fail_in_an_outage():
    again = (
        "@(context.Response.StatusCode == 429 || (context.Response.StatusCode == 503 "
        '&& !context.Response.StatusReason.Contains("pool is busy")))'
    )
    forward = '<forward-request buffer-request-body="true" />'
    text = policy(f"<base />{POOL}{TOKEN}", f"\n{retry(POOL, forward, condition=again)}")
    members = [Member("ptu", 1, THROTTLING), Member("payg", 2, None)]

    found = policy_warnings(text, "rawxml", lambda backend: members if backend == "pool" else ())

    assert [(one.line, one.target, one.message.split(",")[0].split(" (")[0].split(":")[0]) for one in found] == [
        (4, "retry", "This repeats 429"),
        (4, "retry", "This repeats 503"),
        (4, "retry", NO_ANSWER),
        (4, "retry", RESTS),
        (4, "forward-request", "Answers of a model are held back until 8 KB have come together"),
    ]
