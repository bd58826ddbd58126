"""How a figure is held to its bound."""

import re
import shlex
import subprocess
import sys

import pytest

from benchmarks.__main__ import ON_DEMAND, PARTS
from benchmarks.bounds import AT_LEAST, AT_MOST, bound, verdict
from tests.support.docs import ROOT, written


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("gateway.cpu_ratio", 2.0, "within"),
        ("gateway.cpu_ratio", 2.01, "above"),
        ("failover.goodput.S1", 0.99, "within"),
        ("failover.goodput.S1", 0.98, "below"),
        ("failover.goodput.S8", 0.1, ""),
        ("failover.reference.S1", 0.1, ""),
    ],
)
def test_a_figure_is_within_its_bound_or_not_or_has_none(name: str, value: float, said: str):
    assert verdict(name, value) == said


def test_a_bound_is_shown_with_its_direction():
    assert [bound(name) for name in ("gateway.cpu_ratio", "virtual.requests_per_s", "failover.reference.S1")] == [
        "<= 2",
        ">= 4000",
        "",
    ]


def test_no_figure_is_bound_in_both_directions():
    assert not set(AT_MOST) & set(AT_LEAST)


def test_a_part_that_there_is_none_of_is_told_with_those_that_there_are():
    ran = subprocess.run([sys.executable, "-m", "benchmarks", "nonsense"], capture_output=True, text=True)
    assert ran.returncode == 2
    assert "there is no part nonsense; there are deploy, policies, tests, gateway, virtual, failover" in ran.stderr


def test_a_part_of_the_page_is_one_that_there_is():
    [block] = written("docs/measured.md", "test_a_part_of_the_page_is_one_that_there_is")
    for line in block.splitlines():
        (target, arguments) = shlex.split(line.removeprefix("make "))
        assert target == "bench"
        assert set(arguments.removeprefix("ARGS=").split()) <= set(PARTS | ON_DEMAND)


def test_every_bound_is_told_on_the_page():
    page = (ROOT / "docs" / "measured.md").read_text()
    assert [name for name in {**AT_MOST, **AT_LEAST} if f"`{re.sub('S[0-9]$', 'S1', name)}`" not in page] == []
