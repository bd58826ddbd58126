"""Preview every committed stack with the policy pack, and tell reviewers in Markdown what changes.

    python .ci/stack_previews.py twin --base FOLDER     against what FOLDER's program would have deployed, on the twin
    python .ci/stack_previews.py azure                  against what is deployed in Azure, where `pulumi` is logged in

Exit status 1 when a preview fails, as it does where a mandatory rule of the pack is broken.
"""

import argparse
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PREVIEW = ["preview", "--diff", "--policy-pack", "policies", "--non-interactive", "--color", "never"]
ANY_PORTS = ["--arm-port", "0", "--gateway-port", "0", "--accounts-port", "0"]
LONGEST = 38_000  # bytes; with the reviews, GitHub takes comments of 65,536 characters


@dataclass(frozen=True)
class Preview:
    """What the CLI said about one stack; `changes` is a line for each resource, where there is such a list."""

    stack: str
    failed: bool
    diff: str
    changes: str = ""
    remark: str = ""

    @property
    def outcome(self) -> str:
        """What the CLI counts at its end, such as `2 to update, 20 unchanged`."""
        counted = re.findall(r"^ +[+~<>=-]* ?(\d+ (?:to [\w-]+|unchanged))$", self.diff, re.MULTILINE)
        return "failed" if self.failed else ", ".join(dict.fromkeys(counted)) or "nothing to change"

    @property
    def broken_rules(self) -> list[str]:
        """What the policy pack says, the mandatory first; the CLI shows it among all else."""
        found = re.findall(r"\[(mandatory|advisory)\].*? ([a-z0-9-]+)  \(\S+ (\S+)\)(.*)$", self.diff, re.MULTILINE)
        ordered = sorted(dict.fromkeys(found), key=lambda rule: rule[0] != "mandatory")
        return [f"- {level}: `{rule}` on {resource}. {reason}" for level, rule, resource, reason in ordered]


def stacks(folder: Path) -> list[str]:
    return sorted(file.suffixes[0].removeprefix(".") for file in folder.glob("Pulumi.*.yaml"))


def on_azure() -> list[Preview]:
    made = []
    for stack in stacks(ROOT):
        done = _run(["pulumi", *PREVIEW, "--stack", stack], ROOT, os.environ)
        made.append(Preview(stack, done.returncode != 0, done.stdout))
    return made


def on_twin(base: Path | None) -> list[Preview]:
    with _twin() as environment:
        return [_on_twin(stack, base, environment) for stack in stacks(ROOT)]


def _on_twin(stack: str, base: Path | None, environment: Mapping[str, str]) -> Preview:
    twin = [sys.executable, "-P", "-m", "twin"]
    remark = ""
    if base and stack in stacks(base):
        deployed = _run(
            [*twin, "up", "--no-demo", "--stack", stack, *estate(base, stack), *ANY_PORTS], base, environment
        )
        if deployed.returncode != 0:
            remark = "What is deployed today could not be deployed on the twin, so everything is shown as new."
    changes = _run([*twin, "preview", "--stack", stack, *estate(ROOT, stack), *ANY_PORTS], ROOT, environment)
    if changes.returncode != 0:
        return Preview(stack, True, changes.stdout, remark=remark)
    diff = _run([*twin, "pulumi", *PREVIEW, "--stack", stack], ROOT, environment)
    return Preview(stack, diff.returncode != 0, diff.stdout, _listed(changes.stdout), remark)


def estate(folder: Path, stack: str) -> list[str]:
    file = folder / "estates" / f"{stack}.yaml"
    return ["--estate", str(file)] if file.exists() else []


def _listed(said: str) -> str:
    """The lines about resources, of all that `twin preview` says."""
    return "\n".join(re.findall(r"^  ((?:create|update|delete|replace|import|read)\w* .*)$", said, re.MULTILINE))


@contextlib.contextmanager
def _twin() -> Iterator[dict[str, str]]:
    """The environment for a twin of its own, which starts with its first command; it is stopped at the end."""
    with tempfile.TemporaryDirectory() as state:
        yield {**os.environ, "APIM_TWIN_HOME": state, "PYTHONPATH": str(ROOT)}
        itself = Path(state) / "twin.json"
        if itself.exists():
            os.kill(json.loads(itself.read_text())["pid"], signal.SIGTERM)


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def markdown(previews: Sequence[Preview], where: str) -> str:
    """A table of all stacks, and below it of each what changes and the CLI's diff, shortened where it is too long."""
    rows = [f"| `{preview.stack}` | {preview.outcome} |" for preview in previews]
    head = "\n".join([f"### Preview on {where}", "", "| stack | outcome |", "|---|---|", *rows])
    report = head
    for done, preview in enumerate(previews):
        room = (LONGEST - len(report.encode())) // (len(previews) - done)
        report += f"\n\n{_section(preview, room)}"
    return f"{report}\n"


def _section(preview: Preview, room: int) -> str:
    lead = [f"#### {preview.stack}", preview.remark]
    if preview.changes:
        lead.append(_fenced(preview.changes, room // 3))
    lead.append("\n".join(preview.broken_rules))
    told = "\n\n".join(filter(None, lead))
    left = room - len(told.encode()) - 200  # for what stands around the diff
    opened = " open" if preview.failed else ""
    details = (
        f"<details{opened}><summary>pulumi preview --diff</summary>\n\n{_fenced(preview.diff, left)}\n\n</details>"
    )
    return f"{told}\n\n{details}"


def _fenced(text: str, room: int) -> str:
    """A block of code that its content cannot end."""
    kept = text.strip("\n").encode()
    if len(kept) > room:
        kept = kept[: max(room, 0)] + "\n… the rest is in the log of the run".encode()
    shown = kept.decode(errors="ignore")
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", shown)), 3)
    return f"{fence}\n{shown}\n{fence}"


def publish(report: str, environment: Mapping[str, str]) -> None:
    """Print the report; within a GitHub workflow it becomes the summary of the run and the output `report` as well."""
    print(report)
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a") as file:
            file.write(report)
    if output := environment.get("GITHUB_OUTPUT"):
        mark = uuid.uuid4()  # which nothing in the report can be
        with Path(output).open("a") as file:
            file.write(f"report<<{mark}\n{report}\n{mark}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=str(__doc__), formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("where", choices=["twin", "azure"])
    parser.add_argument("--base", type=Path, help="the repository as it was before the change")
    options = parser.parse_args()
    if options.where == "twin":
        previews = on_twin(options.base.resolve() if options.base else None)
    else:
        previews = on_azure()
    publish(markdown(previews, "the twin" if options.where == "twin" else "Azure"), os.environ)
    return int(any(preview.failed for preview in previews))


if __name__ == "__main__":
    sys.exit(main())
