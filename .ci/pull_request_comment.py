"""Keep one comment on a pull request up to date: python .ci/pull_request_comment.py NUMBER < report.md

Needs `gh` with GH_TOKEN, and GITHUB_REPOSITORY. The comment is found by a mark that no reader sees.
"""

import json
import os
import subprocess
import sys
from typing import Any

MARK = "<!-- apim-ai-gateway: preview -->"


def own_comment(pages: list[list[dict[str, Any]]]) -> int | None:
    """The id of the comment with the mark, among all comments by page."""
    return next((one["id"] for page in pages for one in page if one["body"].startswith(MARK)), None)


def main() -> None:
    [number] = sys.argv[1:]
    thread = f"repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    earlier = own_comment(json.loads(_gh("--paginate", "--slurp", f"{thread}/{int(number)}/comments")))
    target = ["PATCH", f"{thread}/comments/{earlier}"] if earlier else ["POST", f"{thread}/{int(number)}/comments"]
    body = {"body": f"{MARK}\n{sys.stdin.read()}"}
    _gh("--method", *target, "--input", "-", said=json.dumps(body))


def _gh(*words: str, said: str = "") -> str:
    command = ["gh", "api", *words]
    return subprocess.run(command, input=said, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    main()
