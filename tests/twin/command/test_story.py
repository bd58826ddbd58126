"""The demonstration on virtual time: the deployed policy, real breakers, and accounts that break and heal."""

from typing import Any

import pytest

from tests.support.looks import Looked, VirtualStage
from tests.support.reference import reference_config
from tests.support.simulated import reference_store
from twin.command.look import Pool
from twin.command.story import Scene, play, table, those_to_break, verdict

FLAT = [
    {**one, "priority": 1, "weight": weight}
    for one, weight in zip(reference_config()["backends"], (2, 1, 1), strict=True)
]


def stage_of(**changes: Any) -> tuple[VirtualStage, Pool, list[str]]:
    """A deployment, its pool, and what the story breaks in it."""
    looked = Looked(reference_store(**changes))
    service = looked.look().service(None)
    pool = service.pool_behind(service.apis[0])
    assert pool is not None
    broken = those_to_break(pool)
    return VirtualStage(looked, broken), pool, broken


def served(scene: Scene) -> dict[str, int]:
    return {name: backend.served for name, backend in scene.did.backends.items()}


def test_the_second_priority_takes_over_by_weight_and_gives_back_what_it_took():
    stage, pool, broken = stage_of()
    before, out, healed = play(stage, pool, broken)

    assert broken == ["aoai-eus2-1"]
    assert served(before) == {"aoai-eus2-1": pytest.approx(50, abs=1), "aoai-eus-1": 0, "aoai-eus-2": 0}
    assert abs(served(out)["aoai-eus-1"] - served(out)["aoai-eus-2"]) <= 1
    assert served(out)["aoai-eus2-1"] <= 1  # a call that was under way when it broke
    assert served(healed)["aoai-eus2-1"] >= 49
    assert sum(served(healed).values()) - served(healed)["aoai-eus2-1"] <= 1


def test_every_caller_gets_200_and_one_call_is_tried_elsewhere():
    stage, pool, broken = stage_of()
    scenes = play(stage, pool, broken)

    assert [dict(scene.did.backends["aoai-eus2-1"].failed) for scene in scenes] == [{}, {"503": 1}, {}]
    assert stage.answers().keys() == {200}
    assert [scene.did.retried for scene in scenes] == [0, 1, 0]


def test_the_story_of_the_reference_takes_ten_seconds():
    stage, pool, broken = stage_of()
    play(stage, pool, broken)

    assert stage.now == pytest.approx(10, abs=0.3)


def test_what_happens_is_told_in_sentences():
    stage, pool, broken = stage_of()
    play(stage, pool, broken)

    assert stage.told == [
        "  aoai-eus2-1 is broken: it answers 503 with Retry-After 5.",
        "  aoai-eus2-1 is well again; nothing is sent there until its breaker closes, in 2 s.",
    ]
    assert [line for line in stage.shown if line.startswith("well again, the breaker closes in 1 s; ")]
    assert [line for line in stage.shown if line.endswith("aoai-eus-1 50%, aoai-eus-2 50%")]


def test_in_a_flat_pool_one_member_breaks_and_the_others_share_its_calls():
    stage, pool, broken = stage_of(backends=FLAT)
    before, out, healed = play(stage, pool, broken)

    assert broken == ["aoai-eus-1"]  # the pool names it first
    assert served(before) == pytest.approx({"aoai-eus2-1": 25, "aoai-eus-1": 12, "aoai-eus-2": 12}, abs=1)
    assert served(out) == pytest.approx({"aoai-eus2-1": 67, "aoai-eus-2": 33, "aoai-eus-1": 0}, abs=2)
    assert served(healed) == pytest.approx({"aoai-eus2-1": 25, "aoai-eus-1": 12, "aoai-eus-2": 12}, abs=2)


def test_breakers_that_do_not_accept_retry_after_are_waited_for():
    stage, pool, broken = stage_of(breaker={"acceptRetryAfter": False, "tripDuration": "PT20S"})
    scenes = play(stage, pool, broken)

    assert len(scenes) == 3
    assert stage.now == pytest.approx(25, abs=0.3)
    assert stage.told[1].endswith("until its breaker closes, in 17 s.")


def test_a_breaker_that_stays_open_for_long_ends_the_story_early():
    stage, pool, broken = stage_of(breaker={"acceptRetryAfter": False, "tripDuration": "PT10M"})
    scenes = play(stage, pool, broken)

    assert [scene.title for scene in scenes] == ["before", "while out"]
    assert stage.told[-1] == "  A breaker stays open for another 597 s, which is too long to wait here."
    assert stage.broken() == []


def test_a_breaker_that_is_open_at_the_beginning_is_waited_for():
    stage, pool, broken = stage_of()
    stage.wait(0.1)
    stage.break_()
    stage.wait(0.5)
    stage.heal()

    before, _, _ = play(stage, pool, broken)

    assert served(before)["aoai-eus2-1"] >= 49


class Interrupted(VirtualStage):
    """Somebody presses Ctrl-C when it says that the account is out."""

    def show(self, text: str) -> None:
        if " out;" in text:
            assert self.broken() == ["aoai-eus2-1"]
            raise KeyboardInterrupt


def test_whoever_ends_it_early_leaves_nothing_broken():
    looked = Looked(reference_store())
    service = looked.look().service(None)
    pool = service.pool_behind(service.apis[0])
    assert pool is not None
    stage = Interrupted(looked, ["aoai-eus2-1"])

    with pytest.raises(KeyboardInterrupt):
        play(stage, pool, ["aoai-eus2-1"])

    assert stage.broken() == []


def test_the_table_says_who_served_what_and_what_callers_got():
    stage, pool, broken = stage_of()
    rows = table(play(stage, pool, broken), pool)

    assert [row[0] for row in rows] == [
        "",
        "aoai-eus2-1, priority 1",
        "aoai-eus-1, priority 2",
        "aoai-eus-2, priority 2",
        "503 from an account",
        "200 to callers",
    ]
    assert rows[0][1:] == ("before", "while out", "healed")
    for column in (1, 2, 3):
        numbers = [int(row[column]) for row in rows[1:]]
        assert sum(numbers[:3]) == numbers[4]
        assert len({len(row[column]) for row in rows}) == 1


def test_the_verdict_counts_what_callers_noticed():
    assert verdict({200: 201}) == "All 201 calls were answered with 200."
    assert verdict({200: 7, 503: 2, 0: 1}) == "7 of 10 calls were answered with 200; 1 got no answer, 2 got 503."
