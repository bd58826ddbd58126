"""The pool in a policy that an API has already.

What is inserted stands at the end of its section, behind what the policy does itself, between two remarks that say
whose it is; every other byte stays. What an older insertion left is replaced, so inserting twice is inserting once. Of
the backend section `<base />` is replaced: failover forwards the request itself. Fragments that the policy includes are
not looked into.
"""

from collections.abc import Iterator

from .policy_text import sections
from .policy_text.elements import BASE, set_backend
from .policy_text.markup import INDENT, Markup, comment, element
from .policy_text.places import Place, PolicyTextError, line, read
from .policy_text.settings import PolicySettings

__all__ = ["PolicyTextError", "insert", "obstacle"]

BEGIN = "apim-ai-gateway begins: made from its settings, not to be edited"
END = "apim-ai-gateway ends"
SET_BACKEND = "set-backend-service"
OURS = "lb-backend"
ON_ERROR = "on-error"

Edit = tuple[int, int, str]
"""Replace what is between two offsets."""


def insert(existing: str, settings: PolicySettings, *, failover: bool) -> str:
    """The existing policy, sending its calls to the pool; with `failover`, with all that `render` gives.

    `existing` may be in Azure's format xml or rawxml. Raises PolicyTextError (a ValueError) when it is no policy, or
    does itself what the insertion would do; the message says what was found in which line, and what to do.
    """
    text, policy = _ready(existing, failover=failover)
    if not failover:
        return _edited(text, [_pool(text, policy["inbound"], set_backend(settings.pool))])
    base = next(place for place in policy["backend"].children if place.name == "base")
    on_error = _marked(sections.on_error(settings))
    return _edited(
        text,
        [
            _at_end(text, policy["inbound"], _marked(sections.inbound(settings))),
            _instead(text, base, _marked(sections.backend(settings))),
            _at_end(text, policy["outbound"], _marked(sections.outbound(settings))),
            _at_end(text, policy[ON_ERROR], on_error)
            if ON_ERROR in policy
            else _new_section(text, policy["outbound"], element(ON_ERROR, BASE, on_error)),
        ],
    )


def obstacle(existing: str, *, failover: bool) -> str:
    """Why `insert` would refuse this text, whatever the settings are; empty if it would not."""
    try:
        _ready(existing, failover=failover)
    except PolicyTextError as error:
        return str(error)
    return ""


# ---- what is there


def _ready(existing: str, *, failover: bool) -> tuple[str, dict[str, Place]]:
    """The text without an older insertion, and its sections, which leave room for a new one."""
    text = _without_insertion(existing, failover=failover)
    policy = _sections(text)
    _check_inbound(text, policy)
    if failover:
        _check_forwarding(text, policy)
    return text, policy


def _sections(text: str) -> dict[str, Place]:
    root = next((place for place in read(text).children if place.name), None)
    if root is None:
        raise PolicyTextError(
            "there is no element in it; the outermost one has to be <policies>. Write the text of the policy, not the"
            " name of its file."
        )
    if root.name != "policies":
        raise PolicyTextError(f"<{root.name}> is the policy's outermost element; it has to be <policies>.")
    by_name: dict[str, Place] = {}
    for place in root.children:
        if place.name in by_name:
            raise PolicyTextError(f"{_where(text, place)} is the second of its kind; Azure allows one.")
        if place.name:
            by_name[place.name] = place
    return by_name


def _check_inbound(text: str, policy: dict[str, Place]) -> None:
    if "inbound" not in policy:
        raise PolicyTextError("The policy has no <inbound>. Add <inbound><base /></inbound> to it.")
    for place in policy["inbound"].all():
        if place.name == SET_BACKEND and place.attributes.get("id") != OURS:
            target = place.attributes.get("backend-id") or place.attributes.get("base-url") or "elsewhere"
            raise PolicyTextError(
                f"{_where(text, place)} sends calls to {target!r} already. Remove it, so that they go to the pool; or"
                f' give it id="{OURS}" to have it replaced.'
            )


def _check_forwarding(text: str, policy: dict[str, Place]) -> None:
    """Failover is a loop around one forward-request: there is no second place for either."""
    for section in ("backend", "outbound"):
        if section not in policy:
            raise PolicyTextError(
                f"The policy has no <{section}>, which failover is inserted into. Add <{section}><base /></{section}>."
            )
    for place in policy["backend"].all():
        if place.name in ("retry", "forward-request", SET_BACKEND):
            raise PolicyTextError(
                f"{_where(text, place)} is in <backend>, where failover has its own. Replace it by <base />, or insert"
                " the pool alone (failover: false)."
            )
    bases = [place for place in policy["backend"].children if place.name == "base"]
    if len(bases) != 1:
        raise PolicyTextError(
            f"{_where(text, policy['backend'])} has {len(bases)} <base /> of its own; failover takes the place of one."
            " Write <backend><base /></backend>."
        )


def _where(text: str, place: Place) -> str:
    return f"line {line(text, place.start)}: <{place.name}>"


# ---- what an older insertion left


def _without_insertion(text: str, *, failover: bool) -> str:
    """The text as it was, except for a section that had to be added. Without failover the pool's element is left, to be
    replaced where it is."""
    edits: list[Edit] = []
    for name, section in _sections(text).items():
        for begin, end in _insertions(text, section):
            if name == "backend":
                edits.append((begin.start, end.end, BASE))
            else:
                edits.append((_behind_content(text, begin.start), end.end, ""))
    text = _edited(text, edits)
    if not failover:
        return text
    inbound = _sections(text).get("inbound")
    pools = [place for place in inbound.all() if _is_pool(place)] if inbound else []
    return _edited(text, [(_behind_content(text, place.start), place.end, "") for place in pools])


def _insertions(text: str, section: Place) -> Iterator[tuple[Place, Place]]:
    begin: Place | None = None
    for place in section.children:
        if place.remark == BEGIN:
            begin = place
        elif place.remark == END and begin:
            yield begin, place
            begin = None
    if begin:
        raise PolicyTextError(
            f"line {line(text, begin.start)}: an insertion of apim-ai-gateway begins and does not end. Remove what is"
            f" left of it, or put <!-- {END} --> behind it."
        )


def _is_pool(place: Place) -> bool:
    return place.name == SET_BACKEND and place.attributes.get("id") == OURS


# ---- what is put there


def _marked(elements: list[Markup]) -> Markup:
    return Markup("\n".join([comment(BEGIN), *elements, comment(END)]))


def _pool(text: str, inbound: Place, element: Markup) -> Edit:
    place = next((place for place in inbound.all() if _is_pool(place)), None)
    return (place.start, place.end, element) if place else _at_end(text, inbound, element)


def _at_end(text: str, section: Place, markup: Markup) -> Edit:
    """An edit that puts lines behind the last content of a section."""
    margin, newline = _margin(text, section.start), _newline(text)
    lines = newline + _lines(text, markup, margin + _step(text))
    if not section.inside:
        opening = text[section.start : section.end - 2].rstrip()
        return section.start, section.end, f"{opening}>{lines}{newline}{margin}</{section.name}>"
    at = _behind_content(text, section.close)
    ending = "" if "\n" in text[at : section.close] else newline + margin
    return at, at, lines + ending


def _instead(text: str, place: Place, markup: Markup) -> Edit:
    margin = _margin(text, place.start)
    return place.start, place.end, _lines(text, markup, margin).removeprefix(margin)


def _new_section(text: str, after: Place, section: Markup) -> Edit:
    return after.end, after.end, _newline(text) + _lines(text, section, _margin(text, after.start))


def _lines(text: str, markup: Markup, margin: str) -> str:
    """The lines of the markup, written as the text is."""
    written: list[str] = []
    for line_ in markup.splitlines():
        content = line_.lstrip(" ")
        depth = (len(line_) - len(content)) // len(INDENT)
        written.append(margin + _step(text) * depth + content)
    return _newline(text).join(written)


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def _behind_content(text: str, at: int) -> int:
    """The offset of the blanks that end at `at`."""
    return len(text[:at].rstrip())


def _margin(text: str, at: int) -> str:
    """The blanks before the offset in its line; of a tag behind other text, those of the line."""
    start = text.rfind("\n", 0, at) + 1
    return text[start : start + len(text[start:at]) - len(text[start:at].lstrip(" \t"))]


def _step(text: str) -> str:
    return "\t" if "\n\t" in text else INDENT


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
