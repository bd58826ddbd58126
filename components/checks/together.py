"""Rules between the parts of a gateway."""

from collections.abc import Iterator, Mapping

from ..existing_policy import obstacle
from ..fallback import fallback_names
from .names import LONGEST_NAME, POOL_NAME
from .place import Place, quoted
from .reading import items, mapping, text
from .resource_ids import parts
from .skus import TIERS


def gateway(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    yield from _home_of_new_service(inputs, place)
    yield from _breakers_exist(inputs, place)
    yield from _pool_and_backends(inputs, place)
    yield from api_and_policy(inputs, place)
    yield from _api_of_service(inputs, place)


def pool_and_members(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    yield from pool_names(inputs.get("name", POOL_NAME), place.key("name"), inputs.get("members"), place.key("members"))


def pool_names(pool: object, at: Place, members: object, at_members: Place) -> Iterator[str]:
    """To Azure a pool is a backend, and so are the pools for failures: their names must differ from the members'."""
    name = text(pool)
    longest = LONGEST_NAME - max(map(len, fallback_names("")))
    if longest < len(name) <= LONGEST_NAME:
        allowed = f"at most {longest} are allowed, as the pools for failures are named after it"
        yield at.refuse(f"{len(name)} characters", allowed, "Shorten it.")
    pools = {other.casefold() for other in (name, *fallback_names(name))}
    for index, member in enumerate(items(members)):
        own = text(mapping(member).get("name"))
        if name and own.casefold() in pools:
            allowed = f"the gateway makes a pool of this name ({at}), and to Azure a pool is a backend too"
            yield at_members.item(index, member).key("name").refuse(quoted(own), allowed, "Rename one of them.")


def api_and_policy(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    """What a policy says of an existing API needs one, and what it says of our operations needs a new one."""
    policy, at = mapping(inputs.get("policy")), place.key("policy")
    if "existing" in mapping(inputs.get("api")):
        if policy.get("scope") == "operation":
            allowed = "an existing API has no catch-all operation of ours to set a policy on"
            yield at.key("scope").refuse(f"{quoted('operation')} together with api.existing", allowed, 'Write "api".')
        yield from _existing_policy(policy, at.key("existing"))
        return
    for key, idle in (("existing", None), ("failover", True), ("importExisting", False)):
        if key in policy and policy[key] != idle:
            found = (
                f"{quoted(policy[key])} without api.existing" if key != "existing" else "a policy without api.existing"
            )
            yield at.key(key).refuse(
                found, "it is about the policy of an existing API", "Remove it, or add api.existing."
            )


def _existing_policy(policy: Mapping[str, object], at: Place) -> Iterator[str]:
    """Told here and not only where it is inserted: by then the backends would have been made."""
    existing = text(policy.get("existing"))
    if existing and (found := obstacle(existing, failover=policy.get("failover") is not False)):
        yield at.advise(found)


def _home_of_new_service(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    if "existing" in mapping(inputs.get("service")):
        return
    if "location" not in inputs:
        yield place.key("location").refuse("nothing", "a new service needs a region", 'Write for instance "eastus2".')
    if "resourceGroup" not in inputs:
        advice = "Add {name}, and existing: true when the group is there already."
        yield place.key("resourceGroup").refuse("nothing", "a new service needs a resource group", advice)


def _breakers_exist(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    if mapping(inputs.get("service")).get("sku") == "Consumption":
        allowed = "this tier has no circuit breaker, so a throttled backend would never leave the pool"
        yield (
            place.key("service").key("sku").refuse(quoted("Consumption"), allowed, f"Choose one of {', '.join(TIERS)}.")
        )


def _pool_and_backends(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    name = mapping(inputs.get("pool")).get("name", POOL_NAME)
    yield from pool_names(name, place.key("pool").key("name"), inputs.get("backends"), place.key("backends"))


def _api_of_service(inputs: Mapping[str, object], place: Place) -> Iterator[str]:
    """The resource id of an existing API names its service, which must be the one that is used."""
    service = mapping(mapping(inputs.get("service")).get("existing"))
    api = text(mapping(inputs.get("api")).get("existing"))
    for key, part, what in (("name", "service", "service"), ("resourceGroup", "group", "resource group")):
        wanted, found = text(service.get(key)), parts(api).get(part, "")
        if wanted and found and wanted.casefold() != found.casefold():
            allowed = f"service.existing.{key} is {quoted(wanted)}"
            at = place.key("api").key("existing")
            yield at.refuse(f"an API in {what} {quoted(found)}", allowed, "Make the two agree.")
