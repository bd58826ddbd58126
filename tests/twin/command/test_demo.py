"""When there is nothing to demonstrate, and how the demonstration breaks and heals accounts of a twin that runs."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.servers import Loop, serving
from tests.twin.command.test_door import API, account, service, twin_of
from twin.command.demo import Entrance, LiveStage, why_not
from twin.command.door import Door, Tried
from twin.command.keyboard import pause
from twin.command.look import Look, Pool
from twin.command.screen import Screen
from twin.command.traffic import Traffic

DOOR = Door("openai", "http://127.0.0.1:1/openai", "{}")


def found(*, complaint: str = "", accounts: Any = None, **changes: Any) -> Entrance:
    made = service()
    pool = made.pool_behind(API)
    told = [account("a", "*"), account("b", "*")] if accounts is None else accounts
    return replace(Entrance(Look(0.0, (made,), ()), made, pool, Tried(DOOR, complaint), told), **changes)


def test_a_pool_of_two_accounts_that_answer_can_be_shown():
    assert why_not(found()) == ""


@pytest.mark.parametrize(
    ("entrance", "told"),
    [
        (found(pool=None), "the API openai sends its calls to no pool."),
        (
            found(pool=Pool("p", service().pools[0].members[:1])),
            "the pool p has one member, so nobody could take over.",
        ),
        (found(complaint="401 Access denied"), "a call is answered with 401 Access denied"),
        (found(accounts=[account("a", "*")]), "there is no simulated account b.openai.azure.com."),
        (
            found(accounts=[account("a", "*"), {**account("b", "*"), "faults": [{"status": 503}]}]),
            "b has a fault already. To end it: ",
        ),
    ],
)
def test_what_cannot_be_shown_is_told_in_a_line(entrance: Entrance, told: str):
    assert why_not(entrance).startswith(told)


def test_what_is_broken_ends_by_itself_should_nobody_be_left_to_heal_it(tmp_path: Path):
    loop = Loop()
    screen = Screen()
    with serving(loop, tmp_path) as servers, screen.working("Demo") as work:
        name = servers.service.rpartition("/")[2]
        stage = LiveStage(twin_of(servers), name, ["aoai-eus2-1"], Traffic(DOOR, 1), screen, work)
        stage.break_()
        [fault] = servers.control("GET", "/_twin/accounts/aoai-eus2-1/faults")
        stage.heal()
        healed = servers.control("GET", "/_twin/accounts/aoai-eus2-1/faults")
        answered = stage.look().answered
    loop.close()

    assert (fault["status"], fault["retryAfter"]) == (503, 5)
    assert 0 < fault["for"] <= 6
    assert healed == []
    assert answered == Counter()


def test_traffic_ends_with_an_answer_for_every_call(tmp_path: Path):
    loop = Loop()
    with serving(loop, tmp_path) as servers:
        url = f"{servers.gateway}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
        door = Door(
            "openai", url, '{"messages": [{"role": "user", "content": "Hello"}]}', headers={"api-key": servers.key}
        )
        with Traffic(door, 100) as traffic:
            while traffic.answers.total() < 20:
                pause(0.01)
        answered = servers.control("GET", "/_twin/gateway")["services"][0]["answered"]
    loop.close()

    assert set(traffic.answers) == {200}
    assert answered == {"200": traffic.answers.total()}


def test_callers_who_reach_nobody_are_counted_too():
    with Traffic(DOOR, 100) as traffic:
        while traffic.answers.total() < 5:
            pause(0.01)

    assert set(traffic.answers) == {0}
