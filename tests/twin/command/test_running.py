"""Whether the twin runs is a question of its lock, whatever is left in the state folder."""

import fcntl
import json
from pathlib import Path

import pytest

from twin.command.running import Running, Wanted, end_of_log, find
from twin.engine.errors import CommandError

ITSELF = {
    "pid": 4711,
    "arm": "http://127.0.0.1:8470",
    "gateway": "http://127.0.0.1:8480",
    "subscription_id": "00000000-0000-0000-0000-000000000001",
    "state_dir": "/state",
    "versions": {"pulumi": "3.272.0"},
    "accounts": "http://127.0.0.1:8490",
    "units": 2,
    "assume": {"S14": "on-error"},
}


def test_where_there_is_no_state_nothing_runs(tmp_path: Path):
    assert find(tmp_path / "missing") is None


def test_a_description_that_was_left_behind_means_nothing(tmp_path: Path):
    (tmp_path / "server.lock").touch()
    (tmp_path / "twin.json").write_text(json.dumps(ITSELF))

    assert find(tmp_path) is None


def test_a_twin_that_holds_its_lock_is_as_it_describes_itself(tmp_path: Path):
    (tmp_path / "twin.json").write_text(json.dumps(ITSELF))
    with (tmp_path / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert find(tmp_path) == Running(**ITSELF)


def test_a_twin_of_another_version_is_told_from_one_that_can_be_used(tmp_path: Path):
    newer = ITSELF | {"something": "new"}
    older = {name: value for name, value in ITSELF.items() if name != "gateway"}
    with (tmp_path / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        (tmp_path / "twin.json").write_text(json.dumps(newer))
        assert find(tmp_path) == Running(**ITSELF)

        (tmp_path / "twin.json").write_text(json.dumps(older))
        with pytest.raises(CommandError, match=r"another version: it does not tell its gateway.\n.* kill 4711"):
            find(tmp_path)


def test_a_twin_that_is_about_to_describe_itself_does_not_run_yet(tmp_path: Path):
    with (tmp_path / "server.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert find(tmp_path) is None


@pytest.mark.parametrize(("lines", "shown"), [(0, 0), (1, 1), (40, 15)])
def test_of_a_log_the_end_is_shown(lines: int, shown: int, tmp_path: Path):
    log = tmp_path / "server.log"
    log.write_text("".join(f"line {number}\n" for number in range(lines)))

    told = end_of_log(tmp_path)

    assert told[1:] == [f"  line {number}" for number in range(lines - shown, lines)]
    assert told[:1] == ([f"The end of its log ({log}):"] if lines else [])


def test_a_twin_that_never_ran_has_no_log(tmp_path: Path):
    assert end_of_log(tmp_path) == []


def test_a_twin_that_runs_otherwise_than_asked_for_is_told_with_every_difference():
    asked = Wanted(arm_port=9000, gateway_port=8480, units=1, assume={"S14": "no-response"})
    assert asked.differences(Running(**ITSELF)) == [
        "The twin runs already, at http://127.0.0.1:8470; --arm-port asks for 9000.",
        "The twin runs already, with --units 2; 1 are asked for.",
        "The twin runs already, and assumes S14=on-error.",
    ]


def test_who_asks_for_nothing_or_for_any_port_takes_the_twin_as_it_runs():
    assert Wanted(arm_port=0, gateway_port=0).differences(Running(**ITSELF)) == []


def test_what_is_asked_for_becomes_options_of_the_server():
    asked = Wanted(arm_port=0, units=3, assume={"S14": "on-error", "S2": "one-probe"})
    assert asked.words() == ["--arm-port", "0", "--units", "3", "--assume", "S14=on-error", "--assume", "S2=one-probe"]
