"""Compare a stack with what Azure really holds, and open an issue where somebody changed that by hand.

    python .ci/drift_issue.py STACK

Needs `pulumi`, logged in, and `gh` with GH_TOKEN. While the issue of a stack is open, further drift is a comment on it.
Exit status 1 when the comparison itself fails.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPARE = ["preview", "--refresh", "--diff", "--expect-no-changes", "--non-interactive", "--color", "never"]
DRIFTED = re.compile(r"no changes were expected\b.*\bbut changes were proposed")  # as the CLI says it
LONGEST = 60_000  # characters; GitHub takes 65,536


def main() -> int:
    [stack] = sys.argv[1:]
    done = subprocess.run(
        ["pulumi", *COMPARE, "--stack", stack],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(done.stdout)
    if done.returncode == 0:
        return 0
    if not DRIFTED.search(done.stdout):
        return 1
    report(stack, done.stdout)
    return 0


def report(stack: str, said: str) -> None:
    title = f"Stack {stack} is not what its program says"
    body = (
        f"`pulumi {' '.join(COMPARE)} --stack {stack}` found changes that nobody deployed. Either take them into the "
        f"configuration, or undo them with `pulumi up --refresh --stack {stack}`.\n\n"
        + "".join(f"    {line}\n" for line in said[:LONGEST].splitlines())
    )
    listed = json.loads(_gh("issue", "list", "--state", "open", "--limit", "1000", "--json", "number,title"))
    open_issue = next((str(issue["number"]) for issue in listed if issue["title"] == title), None)
    target = ["comment", open_issue] if open_issue else ["create", "--title", title]
    _gh("issue", *target, "--body-file", "-", said=body)


def _gh(*words: str, said: str = "") -> str:
    return subprocess.run(["gh", *words], input=said, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
