"""What nobody outside Microsoft knows for certain about the gateway, as named switches.

Each guess has a name, a default, its alternatives and the evidence for it. Code that rests on a guess asks the field
of that name, so a test can run the same story under every answer, and a report can say which answers it was made with.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any


class WrongAnswers(ValueError):
    """Every id that there is none of, and every answer that is none of its choices, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Guess:
    """One open question about Azure. `choices` begins with the default."""

    id: str
    field: str
    question: str
    choices: tuple[str, ...]
    evidence: str


def _guess(id: str, question: str, choices: str, evidence: str) -> Any:
    options = tuple(choices.split())
    return field(
        default=options[0], metadata={"id": id, "question": question, "choices": options, "evidence": evidence}
    )


@dataclass(frozen=True)
class Assumptions:
    """One answer to every question; the defaults are the likeliest ones."""

    window: str = _guess(
        "S1", "does the interval in which failures are counted slide", "slides tumbles", "undocumented"
    )
    half_open: str = _guess(
        "S2", "is an open breaker probed before it closes", "no one-probe", "documentation: it resets"
    )
    failures_while_open: str = _guess(
        "S3", "what do failures do that arrive while the breaker is open", "ignored extend", "undocumented"
    )
    retry_after: str = _guess(
        "S4", "how do Retry-After and the trip duration combine", "replaces shorter longer", "documentation: replaces"
    )
    retry_after_form: str = _guess(
        "S5", "which forms of Retry-After open the breaker for their time", "seconds seconds-and-ms", "undocumented"
    )
    retry_after_status: str = _guess(
        "S6", "on which statuses is Retry-After accepted", "any-watched only-429", "undocumented"
    )
    transport_failure: str = _guess(
        "S7", "does a failure without a status trip a breaker", "never by-error-reason", "one user's measurement"
    )
    member_choice: str = _guess(
        "S10",
        "how is a member chosen among equals",
        "smooth-round-robin weighted-random",
        "one live test: they alternate",
    )
    counted_at: str = _guess("S11", "when is a response counted", "headers body-end", "inference")
    exhausted_retry_after: str = _guess(
        "S12", "does an exhausted pool's 503 carry Retry-After", "present absent", "a Microsoft sample's live test"
    )
    exhausted_reason: str = _guess(
        "S13", "LastError.Reason of an exhausted pool", "PoolIsInactive BackendConnectionFailure", "one repository"
    )
    raised_in_retry: str = _guess(
        "S14",
        "what does a retry see after an attempt that brought no response",
        "status-500 no-response on-error",
        "two traces of 2024; a Microsoft sample; the documentation's letter",
    )
    success: str = _guess("S15", "does a success clear the failures counted so far", "keeps clears", "undocumented")
    unit_choice: str = _guess(
        "S16", "which gateway unit gets a request", "random sticky", "documentation: load balancing is approximate"
    )
    last_error_in_retry: str = _guess("S18", "is LastError set inside the retry condition", "set null", "undocumented")
    after_raise: str = _guess(
        "S19", "do elements after the one that failed still run inside retry", "skipped run", "inference"
    )
    own_errors: str = _guess(
        "S20",
        "does the API's on-error run for the gateway's own 401 and 404",
        "runs skipped",
        "documentation's example: yes; a Microsoft sample's text: no",
    )
    cache_visibility: str = _guess(
        "S21", "when can a value that was stored in a call be looked up", "after-the-call at-once lost", "asynchronous"
    )

    @staticmethod
    def register() -> tuple[Guess, ...]:
        """Every guess, in the order of their ids."""
        return tuple(
            Guess(f.metadata["id"], f.name, f.metadata["question"], f.metadata["choices"], f.metadata["evidence"])
            for f in fields(Assumptions)
        )

    def with_answers(self, answers: Mapping[str, str]) -> "Assumptions":
        """These assumptions with other answers, by id: `{"S14": "on-error"}`.

        Raises WrongAnswers.
        """
        known = {guess.id: guess for guess in self.register()}
        wrong = [f"there is no assumption {id}; there are {', '.join(known)}" for id in answers if id not in known]
        wrong += [
            f"{id} ({known[id].question}?) cannot be {answer!r}: choose {' or '.join(known[id].choices)}"
            for id, answer in answers.items()
            if id in known and answer not in known[id].choices
        ]
        if wrong:
            raise WrongAnswers(wrong)
        return replace(self, **{known[id].field: answer for id, answer in answers.items()})
