"""Review every committed stack: python .ci/stack_reviews.py FOLDER, which holds the repository as it was before.

Exit status as that of `twin review` (docs/reviewing.md), the worst of all stacks.
"""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stack_previews import ROOT, estate, publish, stacks

LONGEST = 24_000  # bytes, of the comment that they share with the previews
_POLICY = re.compile(r"<details><summary>(Policy of .*?)</summary>\n.*?\n</details>", re.DOTALL)


@dataclass(frozen=True)
class Review:
    """What the command printed about a stack, in Markdown; where it could not, why."""

    stack: str
    status: int
    said: str

    @property
    def section(self) -> str:
        if self.status in (0, 2):
            return self.said
        fenced = "".join(f"    {line}\n" for line in self.said.splitlines())
        return f"### Stack {self.stack}: no review\n\n{fenced}"


def review(stack: str, base: Path) -> Review:
    words = ["review", str(base), ".", "--stack", stack, *estate(ROOT, stack), "--format", "markdown"]
    command = [sys.executable, "-P", "-m", "twin", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return Review(stack, done.returncode, done.stdout if done.returncode in (0, 2) else done.stderr)


def report(reviews: Sequence[Review]) -> str:
    """All sections; without the policies' lines where they are too long for a comment, cut where that is not enough."""
    whole = "\n".join(one.section for one in reviews)
    if len(whole.encode()) > LONGEST:
        whole = _POLICY.sub(r"\1 (too long to show here; the log of the run has it).", whole)
    if len(whole.encode()) > LONGEST:
        whole = whole.encode()[:LONGEST].decode(errors="ignore") + "\n\n… the rest is in the log of the run\n"
    return whole


def main() -> int:
    [base] = sys.argv[1:]
    reviews = [review(stack, Path(base).resolve()) for stack in stacks(ROOT)]
    for one in reviews:
        print(one.section, file=sys.stderr)  # whole, for the log
    publish(report(reviews), os.environ)
    return max(one.status for one in reviews)


if __name__ == "__main__":
    sys.exit(main())
