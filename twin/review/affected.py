"""Who may notice a change, a sentence each: callers, holders of keys, and whoever keeps something on an account."""

from collections.abc import Iterator, Sequence

from .facts import Change


def affected(changes: Sequence[Change], policies: Sequence[str]) -> Iterator[str]:
    """`policies` are the things, there before and after, whose policy changes."""
    yield from filter(None, map(_who, changes))
    gone = [one.name.thing for one in changes if one.name.side == "address" and not one.after]
    if gone:
        yield f"Whoever keeps files, batches or stored responses on {_listed(gone)}: no call goes there any more."
    fragments = [one for one in policies if one.startswith("policy fragment ")]
    if owners := [one for one in policies if one not in fragments]:
        yield f"Every caller of {_listed(owners)}: the policy changes."
    if fragments:
        yield f"Every caller of an API whose policy includes {_listed(fragments)}: the text changes."


def _who(change: Change) -> str:
    """Things of one among several services begin with its name."""
    thing, before, after = change.name.thing, change.before, change.after
    kind = thing.rpartition(": ")[2].partition(" ")[0]
    match kind, change.name.side:
        case "subscription", "opens" if not after:
            return f"Holders of a key of {thing}: it opens nothing any more."
        case "subscription", "opens" if before:
            return f"Holders of a key of {thing}: it opens {after}."
        case "API", "path" if not after:
            return f"Callers of {thing}: it is gone."
        case "API", "path" if before:
            return f"Callers of {thing}: its path changes from {before} to {after}, and they have to change it as well."
        case "API", "key" if before and after:
            return f"Callers of {thing}: {_key(before, after)}"
        case "operation", "" if before and not after:
            return f"Callers of {thing} ({before}): it is gone."
        case "operation", "" if before:
            return f"Callers of {thing}: it answers {after} and no longer {before}."
        case "backend", "address" if before and after:
            return f"Whoever is served by {thing}: its calls go to {after}."
        case "the", "tier" if before and after:
            return "Every caller: the service moves to another tier, which has limits of its own."
    return ""


def _key(before: str, after: str) -> str:
    if not after.startswith("in "):
        return "whoever reaches the service needs no key any more."
    if not before.startswith("in "):
        return f"they need a key from now on, {after}."
    return f"their key is looked for {after} and no longer {before}."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
