"""What Azure would refuse about a policy when it is PUT: one function, used by the local ARM and by `twin check`."""

from .document import Format, NotWellFormed, Position
from .expression_slots import expression_problems
from .problem import Problem
from .reader import parse
from .references import Exists, reference_problems
from .structure import Scope, structure_problems

# Azure API Management limits: 512 KiB a policy document (16 KiB on Consumption), 32 KiB a fragment.
LARGEST_POLICY = 512 * 1024
LARGEST_FRAGMENT = 32 * 1024


def policy_problems(
    text: str, format: Format, scope: Scope, exists: Exists, *, largest: int | None = None
) -> list[Problem]:
    """Everything that is wrong with a policy, by line and column; empty when Azure would take it.

    `exists(kind, name)` answers for the backends, fragments and named values (by display name) of the service.
    `largest` is the size limit in bytes of UTF-8, by default that of the scope outside of Consumption.
    """
    limit = largest or (LARGEST_FRAGMENT if scope == "fragment" else LARGEST_POLICY)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        return [Problem(1, 1, f"The policy is {size} bytes long. At most {limit} bytes are allowed.")]
    try:
        root = parse(text, format).root
    except NotWellFormed as refusal:
        return [_not_well_formed(str(refusal), refusal.at, scope)]
    problems = [
        *structure_problems(root, scope),
        *reference_problems(root, exists),
        *expression_problems(text, root),
    ]
    return sorted(set(problems))


def _not_well_formed(message: str, at: Position, scope: Scope) -> Problem:
    if scope == "fragment":
        message = f"The policy fragment is not a valid XML: {message}"
    return Problem(at.line, at.column, message)
