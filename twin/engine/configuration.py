"""The twin's copy of a stack's configuration: what the project's file says, with the secrets and the cloud of the twin.

The copy is made on YAML's nodes, not on values, so that every scalar stays as it was written: Pulumi reads YAML 1.2,
where `yes` and `1:30` are text, and a round trip through Python would make a truth value and a number of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from .errors import CommandError

# How a stack's secrets are encrypted, which is the business of each backend, and so of the twin here.
SALT = "encryptionsalt"
ENCRYPTION = frozenset({SALT, "secretsprovider", "encryptedkey"})
# Settings with which the real provider finds Azure and logs in; the twin has its own.
CREDENTIALS = frozenset(
    f"azure-native:{name}"
    for name in (
        "auxiliaryTenantIds",
        "clientCertificatePassword",
        "clientCertificatePath",
        "clientId",
        "clientSecret",
        "environment",
        "metadataHost",
        "msiEndpoint",
        "oidcAudience",
        "oidcRequestToken",
        "oidcRequestUrl",
        "oidcToken",
        "subscriptionId",
        "tenantId",
        "useMsi",
        "useOidc",
    )
)

Entry = tuple[yaml.Node, yaml.Node]


@dataclass(frozen=True)
class Configuration:
    """The copy of a stack's configuration that the engine reads, and the keys of the original that are not in it."""

    file: Path
    left_out: tuple[str, ...] = ()


def copy_configuration(original: Path, copy: Path, environment: Mapping[str, str]) -> Configuration:
    """Bring the twin's copy of a stack's configuration up to date, keeping the salt that the twin's stack was given.

    Secrets stay readable only where the twin can read them: those encrypted with a passphrase, when that passphrase is
    in the environment. Others are left out, as are settings that say where Azure is. Raises CommandError for a file
    that is not YAML.
    """
    entries = _entries(original)
    own = [entry for entry in entries if _key(entry) in ENCRYPTION]
    rest = [entry for entry in entries if _key(entry) not in ENCRYPTION]
    unlocked = _is_unlocked(own, environment)
    if not unlocked:
        own = [entry for entry in _entries(copy) if _key(entry) == SALT]
    left_out = []
    for entry in rest:
        if _key(entry) == "config" and isinstance(entry[1], yaml.MappingNode):
            dropped = [one for one in entry[1].value if _key(one) in CREDENTIALS or (not unlocked and _is_secret(one))]
            left_out += [_key(one) for one in dropped]
            entry[1].value = [one for one in entry[1].value if one not in dropped]
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_text(yaml.serialize(yaml.MappingNode("tag:yaml.org,2002:map", rest + own)), encoding="utf-8")
    return Configuration(copy, tuple(sorted(left_out)))


def can_read_secrets(file: Path, environment: Mapping[str, str]) -> bool:
    """Whether the secrets of a configuration file are encrypted with a passphrase that is in the environment."""
    return _is_unlocked([entry for entry in _entries(file) if _key(entry) in ENCRYPTION], environment)


def _is_unlocked(encryption: list[Entry], environment: Mapping[str, str]) -> bool:
    return [_key(entry) for entry in encryption] == [SALT] and _has_passphrase(environment)


def _entries(file: Path) -> list[Entry]:
    if not file.exists():
        return []
    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} is not YAML: {' '.join(str(error).split())}") from error
    return root.value if isinstance(root, yaml.MappingNode) else []


def _key(entry: Entry) -> str:
    return str(entry[0].value)


def _has_passphrase(environment: Mapping[str, str]) -> bool:
    return bool(environment.get("PULUMI_CONFIG_PASSPHRASE") or environment.get("PULUMI_CONFIG_PASSPHRASE_FILE"))


def _is_secret(entry: Entry) -> bool:
    """Whether a setting is encrypted, or something within it is."""
    return any(
        isinstance(node, yaml.MappingNode) and [_key(one) for one in node.value] == ["secure"]
        for node in _within(entry[1])
    )


def _within(node: yaml.Node) -> Iterator[yaml.Node]:
    yield node
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _within(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _within(value)
