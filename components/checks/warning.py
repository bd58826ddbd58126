"""What Azure accepts and somebody will regret. Meant for inputs without problems; it never raises for others."""

from collections.abc import Iterator, Mapping, Sequence

from .breakers import watches
from .place import Place, quoted
from .reading import items, mapping, text, whole
from .skus import LIMITED, LIMITED_BODY, LIMITED_SECONDS

# Answers that say something about the call and nothing about the backend, and one status of each kind of success.
CALLERS_OWN = (200, 201, 204, 304, 400, 401, 403, 404, 409, 413, 422)


def gateway(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    """Warnings about completed inputs."""
    yield from _tier(inputs, place)
    yield from _pool(items(inputs.get("backends")), place.key("backends"))
    yield from _breakers(inputs, place)
    yield from _api(inputs, place)
    yield from _unused(inputs, place)
    yield from _retries(mapping(inputs.get("policy")), place.key("policy"))


def _tier(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    tier, policy = text(mapping(inputs.get("service")).get("sku")), mapping(inputs.get("policy"))
    at = place.key("policy")
    if tier not in LIMITED:
        return
    if (whole(policy.get("requestTimeout")) or 0) > LIMITED_SECONDS:
        yield at.key("requestTimeout").advise(
            f"{tier} may end a request after {LIMITED_SECONDS} seconds, long completions among them. "
            f"Try it before you rely on it, or write {LIMITED_SECONDS} or less."
        )
    if policy.get("replayBody") is True:
        yield at.key("replayBody").advise(
            f"{tier} buffers at most {LIMITED_BODY} of a body, and replaying one needs the whole. "
            "Write false where larger requests (images, audio) are sent; they are then not retried."
        )


def _pool(backends: Sequence[object], place: Place) -> Iterator[str]:
    if len(backends) == 1:
        yield place.advise("a pool of one has nowhere to turn to when that backend is throttled. Add a second backend.")
    first: dict[object, Place] = {}
    for index, backend in enumerate(backends):
        at, target = place.item(index, backend), _target(mapping(backend))
        if target and target in first:
            yield at.advise(f"it calls what {first[target]} calls, so both are throttled together. Is that meant?")
        first.setdefault(target, at)


def _target(backend: Mapping[str, object]) -> tuple[str, ...]:
    """What two backends have in common that call the same account; () where it is known only later."""
    account = mapping(backend.get("account"))
    keys = [account.get("subscription", ""), account.get("resourceGroup"), account.get("name")]
    target = keys if account else [backend.get("url")]
    return tuple(text(part).casefold() for part in target) if all(isinstance(part, str) for part in target) else ()


def _breakers(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    shared = inputs.get("breaker")
    yield from _breaker(mapping(shared), place.key("breaker"))
    for index, backend in enumerate(items(inputs.get("backends"))):
        own = mapping(backend).get("breaker")
        if own != shared:
            yield from _breaker(mapping(own), place.key("backends").item(index, backend).key("breaker"))


def _breaker(breaker: Mapping[str, object], place: Place) -> Iterator[str]:
    at = place.key("statusRanges")
    if not watches(breaker, 429):
        yield at.advise("429 is not in it: a throttled backend stays in the pool. Add {min: 429, max: 429}.")
    callers = [str(status) for status in CALLERS_OWN if watches(breaker, status)]
    if callers:
        yield at.advise(
            f"{', '.join(callers)} are in it: answers to one caller take a backend away from everyone. Remove them."
        )
    if watches(breaker, 500) and breaker.get("count") == 1:
        yield at.advise(
            "500 is in it and count is 1: one request that always gets 500 opens every breaker for everyone. "
            "Remove 500, or raise count."
        )


def _api(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    api, at = mapping(inputs.get("api")), place.key("api")
    path = text(api.get("path"))
    if path and path != "openai" and not path.endswith("/openai"):
        yield at.key("path").advise(
            f"Azure OpenAI's clients add /openai to their endpoint, so {quoted(path)} is not for them. "
            f"Write {quoted(path + '/openai')}."
        )
    methods = items(api.get("methods"))
    if methods and "POST" not in methods:
        yield at.key("methods").advise("POST is not in it: chat, responses and embeddings are POST. Add it.")
    if api.get("subscriptionRequired") is False and mapping(inputs.get("policy")).get("managedIdentity") is True:
        yield at.key("subscriptionRequired").advise(
            "whoever knows the address calls the accounts with the gateway's own identity. Write true."
        )
    if "existing" in api and "existing" not in mapping(inputs.get("service")):
        yield at.key("existing").advise(
            "a service that is made here has no APIs yet, so there is none to find. Remove it, or use service.existing."
        )


def _unused(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    if "existing" in mapping(inputs.get("service")):
        for key in ("location", "resourceGroup", "tags"):
            if inputs.get(key):
                yield place.key(key).advise("it is not used with an existing service. Remove it.")


def _retries(policy: Mapping[str, object], place: Place) -> Iterator[str]:
    if policy.get("replayBody") is False and whole(policy.get("retryBudget")):
        yield place.key("retryBudget").advise(
            "it is not used while replayBody is false: nothing is tried twice. Remove one of them."
        )
