"""What a deployment costs: against a program without components, along the chain that Azure forces, and as it grows."""

import re
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.support.twin import REPOSITORY, Stack, World, empty_stack

from .measuring import in_turn, ratio, seconds

PROGRAMS = Path(__file__).parent / "programs"
SECONDS_A_CALL = 0.2
MEMBERS = 10  # of each gateway of programs/many
FEW, SOME, MANY = 1, 5, 10  # gateways

# A policy may name only what exists, an operation needs its API, an API its service, a service its resource group;
# and Azure answers 409 to parallel writes to one API.
CHAIN = (
    r"/resourcegroups/[^/]+",
    r"/service/[^/]+(/operationresults/.+)?",
    r"/apis/[^/]+|/tenant/operationresults/.+",
    r"/operations/[^/]+",
    r"/apis/[^/]+/policies/policy",
)


@contextmanager
def bare_stack(folder: Path, program: Path) -> Iterator[tuple[Stack, World]]:
    """A stack of a program, and the world in which nothing of it is deployed."""
    with empty_stack(folder, program=program) as stack:
        yield stack, stack.put_aside(folder / "nothing")


def against_a_flat_program(folder: Path) -> dict[str, float]:
    with ExitStack() as stacks:
        ours, nothing = stacks.enter_context(bare_stack(folder / "ours", REPOSITORY))
        flat, bare = stacks.enter_context(bare_stack(folder / "flat", PROGRAMS / "flat"))
        flat.settings = {}

        def up(stack: Stack, world: World) -> float:
            stack.bring_back(world)
            return seconds(stack.up)

        ups = in_turn({"ours": lambda: up(ours, nothing), "flat": lambda: up(flat, bare)})
        if made(ours) != made(flat):
            raise AssertionError(f"the programs do not make the same: {sorted(made(ours) ^ made(flat))}")
        ours.bring_back(nothing)
        flat.bring_back(bare)
        previews = in_turn({"ours": lambda: seconds(ours.preview), "flat": lambda: seconds(flat.preview)})
        return {
            "deploy.preview_ratio": ratio(previews["ours"], previews["flat"]),
            "deploy.up_ratio": ratio(ups["ours"], ups["flat"]),
        }


def made(stack: Stack) -> set[str]:
    """The ids of what was PUT, without the names that are random."""
    return {
        re.sub(r"(/service/)[^/]+", r"\1*", re.sub(r"(/roleassignments/).+", r"\1*", entry["path"].lower()))
        for entry in stack.writes()
    }


def along_the_chain(folder: Path) -> dict[str, float]:
    """How much longer a deployment takes on a slow Azure, against the calls that nothing can make parallel."""
    with bare_stack(folder, REPOSITORY) as (stack, nothing):

        def up(delay: float) -> float:
            stack.bring_back(nothing)
            stack.arm.call("DELETE", "/_twin/requests")
            stack.arm.delays(call=delay)
            return seconds(stack.up)

        taken = in_turn({"slow": lambda: up(SECONDS_A_CALL), "fast": lambda: up(0)}, rounds=3)
        calls = chained_calls(stack.arm.requests())
        delays = [slow - fast for slow, fast in zip(taken["slow"], taken["fast"], strict=True)]
        return {
            "deploy.critical_path_ratio": statistics.median(delays) / (SECONDS_A_CALL * calls),
            "deploy.critical_path_calls": calls,
        }


def chained_calls(requests: list[dict[str, Any]]) -> int:
    """How many of the calls were about a resource of the chain."""
    paths = [entry["path"].lower() for entry in requests]
    return sum(any(re.search(f"(?:{link})$", path) for link in CHAIN) for path in paths)


def growth(folder: Path) -> dict[str, float]:
    """The time of a further backend in a large deployment against that in a small one."""
    with bare_stack(folder, PROGRAMS / "many") as (stack, nothing):

        def up(gateways: int) -> float:
            stack.bring_back(nothing)
            stack.settings = {"gateways": gateways}
            return seconds(stack.up)

        taken = in_turn({str(number): lambda n=number: up(n) for number in (FEW, SOME, MANY)}, rounds=3)
        few, some, many = (statistics.median(taken[str(number)]) for number in (FEW, SOME, MANY))
        large = (many - some) / ((MANY - SOME) * MEMBERS)
        small = (some - few) / ((SOME - FEW) * MEMBERS)
        return {"deploy.growth": large / small, "deploy.seconds_a_backend": small}
