"""Why a run failed: Azure's own words about each operation, and what to do next."""

from twin.engine.events import Diagnostic, Report, Resource, Step
from twin.engine.failures import failures, next_step, other_errors

POOL = Resource("urn:pulumi:dev::gateway::azure-native:apimanagement:Backend::pool")
API = Resource("urn:pulumi:dev::gateway::azure-native:apimanagement:Api::openai")
STACK = Resource("urn:pulumi:dev::gateway::pulumi:pulumi:Stack::gateway-dev")


def report(*said: tuple[Resource, str], failed: tuple[Resource, ...] = ()) -> Report:
    return Report(
        failed=[Step("create", resource) for resource in failed],
        diagnostics=[Diagnostic("error", message, resource) for resource, message in said],
    )


REFUSED = (
    'error: Status=400 Code="ValidationError" Message="One or more fields contain incorrect values:" '
    'Target="pool" Details="pool.services: a member is missing" CorrelationId="0b7c"'
)
THROTTLED = 'error: Status=429 Code="TooManyRequests" Message="The request is being throttled" CorrelationId="77aa"'


def test_each_failed_operation_comes_with_what_azure_said_about_it():
    [failure] = failures(report((POOL, REFUSED), failed=(POOL,)))

    assert (failure.operation, failure.resource) == ("create", POOL)
    assert failure.refusal is not None
    assert (failure.refusal.status, failure.refusal.code, failure.refusal.correlation_id) == (
        400,
        "ValidationError",
        "0b7c",
    )
    assert failure.refusal.details == "pool.services: a member is missing"


def test_a_failure_that_azure_had_no_part_in_keeps_its_message():
    [failure] = failures(report((POOL, "no answer to PUT /x: Connection refused"), failed=(POOL,)))

    assert failure.refusal is None
    assert failure.message == "no answer to PUT /x: Connection refused"


def test_a_failure_without_a_word_says_so():
    [failure] = failures(report(failed=(POOL,)))

    assert failure.message == "the engine gives no reason"


def test_failures_are_listed_in_the_order_in_which_they_happened():
    found = failures(report((API, THROTTLED), (POOL, REFUSED), failed=(POOL, API)))

    assert [one.resource for one in found] == [POOL, API]


def test_errors_about_no_operation_are_told_apart():
    told = report((STACK, "backends is empty"), (STACK, "update failed"), (POOL, REFUSED), failed=(POOL,))

    assert [one.message for one in other_errors(told)] == ["backends is empty"]


def test_what_stops_a_program_before_any_operation_is_told_whole():
    told = report((STACK, "the program failed"))

    assert [one.message for one in other_errors(told)] == ["the program failed"]


def test_what_may_pass_is_worth_another_try():
    found = failures(report((API, THROTTLED), failed=(API,)))

    assert next_step(found, "python -m twin up", "Pulumi.dev.yaml") == (
        "Run `python -m twin up` again: it carries on where it stopped."
    )


def test_what_azure_refuses_needs_a_correction_first():
    found = failures(report((API, THROTTLED), (POOL, REFUSED), failed=(POOL, API)))

    assert next_step(found, "python -m twin up", "Pulumi.dev.yaml") == (
        "Correct Pulumi.dev.yaml or the program, then run `python -m twin up` again: what exists already is kept."
    )


def test_a_program_that_stops_needs_a_correction():
    assert next_step([], "python -m twin preview", "Pulumi.dev.yaml") == (
        "Correct Pulumi.dev.yaml or the program, then run `python -m twin preview` again."
    )


def test_the_exit_status_of_a_program_is_no_news_after_its_reason():
    exit_status = (STACK, "an unhandled error occurred: the program ended with exit status 1")

    assert [one.message for one in other_errors(report((STACK, "no backends"), exit_status))] == ["no backends"]
    assert [one.message for one in other_errors(report(exit_status))] == [exit_status[1]]
