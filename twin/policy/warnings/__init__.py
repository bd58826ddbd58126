"""What Azure takes and what cannot work all the same: warnings about a policy, for whoever writes it.

A warning is a Problem whose message says what happens and what to do. Nothing is refused for it.
"""

from ..document import Format, NotWellFormed
from ..problem import Problem
from ..reader import parse
from .answers import answer_warnings
from .pools import MembersOf, pool_warnings
from .retries import retry_warnings


def policy_warnings(text: str, format: Format, members_of: MembersOf = lambda _backend: ()) -> list[Problem]:
    """Every warning about a policy or fragment, by line and column; none for a text that is not well-formed.

    `members_of(backend_id)` gives the members of a pool of the service, nothing for what is unknown. Without it only
    what the policy alone shows is judged.
    """
    try:
        root = parse(text, format).root
    except NotWellFormed:
        return []
    return sorted({*retry_warnings(root), *answer_warnings(root), *pool_warnings(root, members_of)})
