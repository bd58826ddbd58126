"""What `watch` shows of two looks at a gateway, without a terminal."""

import json
import re
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from tests.support.docs import written
from twin.command.history import SPAN, History
from twin.command.look import Backend, look_from
from twin.command.panel import as_json, breaker, line, panel
from twin.engine.errors import CommandError

README = [("aoai-eus2-1", 1, 1), ("aoai-eus-1", 2, 1), ("aoai-eus-2", 2, 1)]
POOL = [("ptu", 1, 1), ("payg-a", 2, 3), ("payg-b", 2, 1)]


def document(
    now: float, attempts: dict[str, dict[str, int]], *, seconds_open: float = 0.0, **more: Any
) -> dict[str, Any]:
    """A service with a pool of three, of which the first one's breaker may be open."""
    backends = [
        {"name": name, "host": f"{name}.example", "path": "/openai", "attempts": attempts.get(name, {})}
        for name, *_ in POOL
    ]
    for backend in backends:
        backend["open"] = [seconds_open if backend["name"] == "ptu" else 0.0]
    api = {"name": "openai", "path": "openai", "methods": ["POST"], "keyHeader": "api-key", "subscriptions": None}
    members = [{"backend": name, "priority": priority, "weight": weight} for name, priority, weight in POOL]
    answered = sum(counts.get("200", 0) for counts in attempts.values())
    service = {
        "name": "apim",
        "hosts": ["apim.azure-api.net"],
        "units": 1,
        "answered": {"200": answered},
        "retried": 0,
        "apis": [{**api, "backends": ["pool"]}],
        "pools": [{"name": "pool", "members": members}],
        "backends": backends,
    }
    return {"now": now, "services": [{**service, **more}], "trouble": []}


def history(*documents: dict[str, Any], pids: tuple[int, ...] = ()) -> History:
    made = History()
    for index, one in enumerate(documents):
        made.add(look_from(one), pids[index] if pids else 1)
    return made


def drawn(made: History, width: int) -> list[str]:
    out = Console(file=StringIO(), width=width, record=True)
    out.print(panel(made.view(None)))
    return [text.rstrip() for text in out.export_text().splitlines()]


BEFORE = document(1000.0, {"ptu": {"200": 100}})
AFTER = document(
    1002.0, {"ptu": {"200": 100, "503": 1}, "payg-a": {"200": 30}, "payg-b": {"200": 10}}, seconds_open=7.6, retried=1
)


def test_the_panel_shows_members_by_priority_with_breakers_shares_weights_and_statuses():
    shown = drawn(history(BEFORE, AFTER), 80)

    assert shown[0].startswith("apim  ")
    assert shown[0].endswith("  20.0 calls a second")
    assert shown[2:7] == [
        "pool pool",
        "priority  backend   breaker   calls/s  share  weight  200  503",
        "       1  ptu       open 8 s      0.5     0%    100%  100    1",
        "       2  payg-a    closed       15.0    75%     75%   30    0",
        "       2  payg-b    closed        5.0    25%     25%   10    0",
    ]
    assert shown[8:11] == [
        "to callers        200  retried",
        "a second         20.0      0.5",
        "since the start   140        1",
    ]


def test_the_readme_shows_what_watch_draws():
    [shown] = written("README.md", "test_the_readme_shows_what_watch_draws")
    service = {
        **document(1003.0, {})["services"][0],
        "name": "ai-gateway-apim4b9cab94",
        "answered": {"200": 718},
        "retried": 4,
        "pools": [
            {
                "name": "openaiopool",
                "members": [dict(zip(("backend", "priority", "weight"), one, strict=True)) for one in README],
            }
        ],
    }
    api = {**service["apis"][0], "backends": ["openaiopool"]}
    counted = {"aoai-eus2-1": {"200": 359, "503": 4}, "aoai-eus-1": {"200": 180}, "aoai-eus-2": {"200": 179}}

    def at(now: float, less: int) -> dict[str, Any]:
        """The service with `less` calls to each of the accounts that serve."""
        backends = [
            {"name": name, "host": f"{name}.example", "path": "", "attempts": counts, "open": [0.0]}
            for name, counts in counted.items()
        ]
        backends[0]["open"] = [2.1]
        for backend in backends[1:]:
            backend["attempts"] = {"200": backend["attempts"]["200"] - less}
        answered = {"200": 718 - 2 * less}
        return {
            "now": now,
            "trouble": [],
            "services": [{**service, "apis": [api], "backends": backends, "answered": answered}],
        }

    drawn_now = drawn(history(at(1000.0, 30), at(1003.0, 0)), 80)

    hidden = re.compile(r"\d\d:\d\d:\d\d")  # the clock shows the time of the reader's own zone
    assert [hidden.sub("", line) for line in drawn_now] == [
        hidden.sub("", line) for line in shown.rstrip().splitlines()
    ]


@pytest.mark.parametrize("width", [50, 60, 80, 200])
def test_no_line_is_longer_than_the_terminal_is_wide(width: int):
    names = {"name": "a-service-with-quite-a-long-name"}
    assert (
        max(map(len, drawn(history(BEFORE, {**AFTER, "services": [{**AFTER["services"][0], **names}]}), width)))
        <= width
    )


def test_numbers_stay_whole_where_it_gets_narrow():
    shown = drawn(history(BEFORE, AFTER), 64)
    assert [row.split()[-1] for row in shown[4:7]] == ["1", "0", "0"]


def test_where_no_screen_can_be_drawn_a_line_tells_the_same():
    told = line(history(BEFORE, AFTER).view(None))
    assert told.partition("  ")[2] == (
        "20.0 calls/s, 200 20.0/s, retried 0.5/s  ptu open 8 s, 0%  payg-a closed, 75%  payg-b closed, 25%"
    )


def test_scripts_get_counts_rates_and_shares():
    told = json.loads(json.dumps(as_json(history(BEFORE, AFTER).view(None))))
    [pool] = told["pools"]
    assert (told["service"], told["seconds"], told["answered"], told["retried"]) == ("apim", 2.0, {"200": 140}, 1)
    assert told["answered_per_second"] == {"200": 20.0}
    assert pool["members"][1] == {
        "backend": "payg-a",
        "priority": 2,
        "weight": 3,
        "open": [0.0],
        "share": 0.75,
        "weight_share": 0.75,
        "attempts": {"200": 30},
        "attempts_per_second": {"200": 15.0},
    }


def test_the_first_look_knows_sums_and_no_rates():
    view = history(AFTER).view(None)
    assert (view.seconds, view.rate(140)) == (0.0, 0.0)
    assert view.sums.answered == {"200": 140}


def test_rates_are_those_of_the_last_seconds():
    old = document(1000.0 - SPAN, {"ptu": {"200": 1}})
    view = history(old, BEFORE, AFTER).view(None)
    assert view.seconds == 2.0


def test_another_twin_begins_anew():
    view = history(BEFORE, document(1003.0, {"ptu": {"200": 3}}), pids=(1, 2)).view(None)
    assert (view.seconds, dict(view.sums.answered)) == (0.0, {"200": 3})


def test_the_latest_trouble_is_told_with_its_reason_newest_first():
    trouble = [
        {"moment": 1000.0 + second, "where": "<forward-request>", "reason": reason, "message": "No answer."}
        for second, reason in ((1, "Timeout"), (2, "BackendConnectionFailure"))
    ]
    shown = drawn(history({**AFTER, "trouble": trouble}), 100)
    at = shown.index("latest trouble")
    assert [row.split(maxsplit=1)[1] for row in shown[at + 1 :]] == [
        "BackendConnectionFailure  <forward-request>  No answer.",
        "Timeout                   <forward-request>  No answer.",
    ]


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ((0.0,), "closed"),
        ((3.6,), "open 4 s"),
        ((None,), "none"),
        ((4.2, 0.0, 2.9), "open 4 - 3 s"),
        ((0.0, 0.0), "closed"),
    ],
)
def test_a_breaker_is_told_for_each_unit(seconds: tuple[float | None, ...], told: str):
    assert breaker(Backend("ptu", "", "", Counter(), seconds)) == told


def test_of_several_services_one_must_be_named():
    other = {**BEFORE["services"][0], "name": "other"}
    made = history({**BEFORE, "services": [*BEFORE["services"], other]})

    assert made.view("OTHER").sums.name == "other"
    with pytest.raises(CommandError, match="several API Management services: apim, other"):
        made.view(None)
    with pytest.raises(CommandError, match="no API Management service 'third'"):
        made.view("third")


def test_a_twin_without_a_service_is_told():
    with pytest.raises(CommandError, match="no API Management service on the twin yet"):
        history({"now": 1.0, "services": [], "trouble": []}).view(None)


def test_a_twin_of_another_version_is_told():
    with pytest.raises(CommandError, match="of another version: its gateway does not tell 'hosts'"):
        look_from({"now": 1.0, "services": [{"name": "apim"}], "trouble": []})
