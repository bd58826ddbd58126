"""check: what Azure would refuse about policy files, and what would not work although it is taken."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rich.text import Text

from ..engine.environment import Folders
from ..engine.errors import CommandError
from ..policy.check import policy_problems
from ..policy.document import Format, NotWellFormed
from ..policy.problem import Problem
from ..policy.reader import parse
from ..policy.references import Kind
from ..policy.structure import Scope
from ..policy.support import unsupported
from ..policy.warnings import policy_warnings
from . import running
from .known_service import KnownService, service_on
from .policy_files import PolicyFile, policy_files
from .running import COMMAND
from .screen import Screen, aligned
from .session import state_folder

STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}
# Where a policy may be meant for, the likeliest first.
SCOPES: tuple[Scope, ...] = ("api", "operation", "product", "global", "workspace")
FRAGMENT: tuple[Scope, ...] = ("fragment",)
_FORMATS: tuple[Format, ...] = ("xml", "rawxml")
_ROOT = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*<([\w.-]+)", re.DOTALL)
_NOT_TEXT = Problem(1, 1, "This is no text in UTF-8.")


@dataclass(frozen=True)
class Finding:
    """One line for editors; `element` is None where no element is meant."""

    severity: str
    line: int
    column: int
    message: str
    element: str | None


@dataclass(frozen=True)
class Verdict:
    """What was found in one file, and what it was taken for."""

    file: str
    format: Format
    scope: Scope
    findings: tuple[Finding, ...]
    names_something: bool = False


def check(
    screen: Screen,
    names: Sequence[str],
    *,
    format: Format | None = None,
    scope: Scope | None = None,
    service: str | None = None,
    as_json: bool = False,
) -> bool:
    """Check policy files and tell what was found. Returns whether Azure would take them all.

    As JSON: `files` (each with `file`, `format`, `scope` and `findings`), and the numbers `errors`, `warnings` and
    `notes`. A note tells of what Azure takes and the twin does not run.
    """
    files = policy_files(names)
    known = None if service is None else _service(service)
    verdicts = [judge(file, known, format, scope) for file in files]
    counts = Counter(finding.severity for verdict in verdicts for finding in verdict.findings)
    if as_json:
        screen.say(_as_json(verdicts, counts))
    else:
        _tell(screen, verdicts)
        screen.say(f"{_counted(len(files), 'file')}: {_summary(counts)}")
        if known is None and any(verdict.names_something for verdict in verdicts):
            screen.say("Whether backends, fragments and named values exist was not looked at; --service NAME does.")
    return counts["error"] == 0


def judge(
    file: PolicyFile, known: KnownService | None = None, format: Format | None = None, scope: Scope | None = None
) -> Verdict:
    """Everything about one file. Without a format or a scope it is taken for what it fits best."""
    if file.text is None:
        return Verdict(file.name, format or "xml", scope or "api", (_finding("error", _NOT_TEXT),))
    text, named = file.text, set[tuple[Kind, str]]()

    def exists(kind: Kind, name: str) -> bool:
        named.add((kind, name))
        return known is None or known.exists(kind, name)

    formats: tuple[Format, ...] = (format,) if format else formats_of(text)
    scopes: tuple[Scope, ...] = (scope,) if scope else FRAGMENT if _root(text) == "fragment" else SCOPES
    problems: dict[tuple[Format, Scope], list[Problem]] = {
        (one, of): policy_problems(text, one, of, exists) for one in formats for of in scopes
    }
    taken_as, fitting = fits = min(problems, key=lambda each: len(problems[each]))
    warnings = policy_warnings(text, taken_as, known.members_of) if known else policy_warnings(text, taken_as)
    told = {"error": problems[fits], "warning": warnings, "note": unsupported(text, taken_as)}
    findings = [_finding(severity, one) for severity, found in told.items() for one in found]
    ordered = sorted(findings, key=lambda one: (one.line, one.column))
    return Verdict(file.name, taken_as, fitting, tuple(ordered), bool(named))


def formats_of(text: str) -> tuple[Format, ...]:
    """`xml` and `rawxml`, as far as the text is that; where it is neither, the one that can be read further.

    Text may be both and right as `rawxml` alone: XML makes blanks of the line ends in an attribute, so that a comment
    (`// …`) in an expression there has no end.
    """
    readable: list[Format] = []
    reached: dict[Format, tuple[int, int]] = {}
    for format in _FORMATS:
        try:
            parse(text, format)
        except NotWellFormed as refusal:
            reached[format] = refusal.at.line, refusal.at.column
        else:
            readable.append(format)
    return tuple(readable) or (max(reached, key=lambda format: reached[format]),)


def _root(text: str) -> str:
    match = _ROOT.match(text)
    return match[1] if match else ""


def _service(name: str) -> KnownService:
    twin = running.find(Folders(state_folder()).state)
    if twin is None:
        raise CommandError(
            f"The twin does not run, so nothing is known of the service '{name}'.",
            f"Start it with `{COMMAND} up`, or check without --service.",
        )
    return service_on(twin, name)


def _finding(severity: str, problem: Problem) -> Finding:
    element = None if problem.target == "representation" else problem.target
    return Finding(severity, problem.line, problem.column, problem.sentence, element)


def _tell(screen: Screen, verdicts: Sequence[Verdict]) -> None:
    """A line for each finding, as compilers write them, then one for each file: what it was taken for."""
    found = [(verdict.file, one) for verdict in verdicts for one in verdict.findings]
    rows = [(f"{file}:{one.line}:{one.column}:", f"{one.severity}:", _shown(one)) for file, one in found]
    for (_, one), line in zip(found, aligned(rows), strict=True):
        text = Text(line)
        text.highlight_regex(rf"(?<=: ) *{one.severity}:", STYLES[one.severity])
        screen.say(text)
    if found:
        screen.say()
    screen.rows((one.file, one.format, one.scope, _summary(_counts(one))) for one in verdicts)


def _shown(finding: Finding) -> str:
    return f"<{finding.element}> {finding.message}" if finding.element else finding.message


def _counts(verdict: Verdict) -> Counter[str]:
    return Counter(finding.severity for finding in verdict.findings)


def _summary(counts: Counter[str]) -> str:
    """`2 errors, 1 warning`, or that there is nothing to say."""
    told = [_counted(counts[severity], severity) for severity in STYLES if counts[severity]]
    return ", ".join(told) or "no problems"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _as_json(verdicts: Sequence[Verdict], counts: Counter[str]) -> str:
    files = [
        {"file": one.file, "format": one.format, "scope": one.scope, "findings": [asdict(it) for it in one.findings]}
        for one in verdicts
    ]
    return json.dumps(
        {"files": files, "errors": counts["error"], "warnings": counts["warning"], "notes": counts["note"]}, indent=2
    )
