"""The stack's configuration, read in one place: the inputs of an AIGateway, or all that is wrong with them."""

import json
from difflib import get_close_matches
from typing import Any, cast

import pulumi
from pulumi.runtime.config import CONFIG, is_config_secret

from components.arguments import AIGatewayArgs
from components.checks import GATEWAY, message, problems, snake_case
from components.checks.place import Place, quoted
from components.checks.shapes import Text

# The keys of the program itself; all others are the gateway's.
OWN_KEYS = ("protect",)
# What Pulumi.yaml has as the default of a key without one: the CLI knows no other way to let a key be left out.
NOT_GIVEN = ("", {})


def settings() -> AIGatewayArgs:
    """The inputs of AIGateway. RunError tells of every problem at once, before anything is registered."""
    given, encrypted = _given()
    found = [_encrypted(key) for key in encrypted]
    found += [problem for problem in problems(given) if problem.partition(":")[0] not in encrypted]
    found += _misnamed()
    if found:
        raise pulumi.RunError(message(found))
    return cast("AIGatewayArgs", snake_case(GATEWAY, given))


def protected() -> bool:
    """Whether nothing of the stack may be deleted or replaced."""
    return pulumi.Config().get_bool("protect") or False


def _given() -> tuple[dict[str, Any], list[str]]:
    """What is configured under the project's name, also under unknown keys, and the keys whose value is encrypted.

    pulumi.Config answers for one key at a time; only the store behind it knows which keys there are.
    """
    config = pulumi.Config()
    given: dict[str, Any] = {}
    encrypted: list[str] = []
    for full_key in sorted(CONFIG.get()):
        namespace, _, key = full_key.partition(":")
        if namespace != config.name or key in OWN_KEYS:
            continue
        if is_config_secret(full_key):
            encrypted.append(key)
            continue
        value = _value(key, config.require(key))
        if key not in GATEWAY.keys or value not in NOT_GIVEN:
            given[key] = value
    return given, encrypted


def _value(key: str, raw: str) -> Any:
    """Pulumi hands every value over as text; all but texts are JSON, unless the wrong kind was configured."""
    known = GATEWAY.keys.get(key)
    if known is None or isinstance(known.kind, Text):
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _misnamed() -> list[str]:
    """Keys of ours under a name that is nearly the project's: to Pulumi they belong to somebody else."""
    project = pulumi.Config().name
    found: list[str] = []
    for full_key in sorted(CONFIG.get()):
        namespace, _, key = full_key.partition(":")
        if key in GATEWAY.keys and namespace != project and get_close_matches(namespace, [project]):
            allowed = f"this program's keys begin with {quoted(f'{project}:')}"
            found.append(
                Place(full_key).refuse(f"a key of {quoted(namespace)}", allowed, f"Write {quoted(f'{project}:{key}')}.")
            )
    return found


def _encrypted(key: str) -> str:
    allowed = "no key of this program holds a secret, and what is encrypted can be neither checked nor shown"
    return Place().key(key).refuse("an encrypted value", allowed, "Set it again without --secret.")
