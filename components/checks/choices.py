"""Rules between the keys of one mapping."""

from collections.abc import Iterator, Mapping

from .place import Place


def account_or_url(backend: Mapping[str, object], place: Place) -> Iterator[str]:
    """Nothing is guessed: a url derived from a name would send prompts to whoever owns that name."""
    given = [key for key in ("account", "url") if key in backend]
    if len(given) == 1:
        return
    found = "account together with url" if given else "neither account nor url"
    advice = (
        "Keep one of them."
        if given
        else "Add account: {name, resourceGroup} for an account that Azure Resource Manager knows, else url."
    )
    yield place.refuse(found, "exactly one of them says where the calls go", advice)
