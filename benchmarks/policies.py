"""What the policy pack costs: a preview of the reference with it, against one without."""

from pathlib import Path

from tests.support.twin import REPOSITORY

from .deploy import bare_stack
from .measuring import in_turn, ratio, seconds

PACK = ("--policy-pack", str(REPOSITORY / "policies"))


def in_a_preview(folder: Path) -> dict[str, float]:
    with bare_stack(folder, REPOSITORY) as (stack, _):
        stack.preview(*PACK)  # what is compiled and cached once in a lifetime is no part of it
        taken = in_turn(
            {"with": lambda: seconds(lambda: stack.preview(*PACK)), "without": lambda: seconds(stack.preview)}
        )
        return {"policies.preview_ratio": ratio(taken["with"], taken["without"])}
