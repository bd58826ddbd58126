"""What looks like a key: names under which keys travel, and values that are one."""

import re

# Headers, query parameters and attributes whose literal value is a credential, whatever it looks like ...
_NAMES = frozenset(
    {
        "api-key",
        "apikey",
        "x-api-key",
        "ocp-apim-subscription-key",
        "subscription-key",
        "authorization",
        "proxy-authorization",
        "x-functions-key",
        "aeg-sas-key",
        "access_token",
        "access-token",
        "client_secret",
        "client-secret",
        "password",
    }
)
# ... and those that also have innocent values: only a long one is a credential.
_WIDE_NAMES = frozenset({"code", "key", "secret", "sig", "signature", "token"})

_VALUES = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-fA-F]{32}"  # the keys of Azure OpenAI and of API Management's subscriptions
    r"|[0-9A-Za-z]{52}JQQJ99[0-9A-Za-z]{26}"  # the newer, longer ones
    r"|sk-[0-9A-Za-z_-]{20,}"
    r"|eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*"  # a token (JWT)
    r"|[0-9A-Za-z+/]{86}=="  # storage and Event Hubs keys
    r")(?![0-9A-Za-z])"
    r"|(?:AccountKey|SharedAccessKey|SharedAccessSignature|client_secret)=[^;&{\"'\s]{8,}"
)
_NAMED_VALUE = re.compile(r"\{\{[^{}]+\}\}")
_SPEAKING_NAME = re.compile(
    r"(?:(?i:(?:^|[-_.])(?:keys?|apikey|secret|password|pwd|token|credentials?|connection-?string|sas))"
    r"|Key|Secret|Password|Token|ConnectionString)"
    r"(?i:[-_.]?(?:\d+|primary|secondary))?$"
)


def holds_key(text: str) -> bool:
    """Whether the text contains something that is a key by its form alone."""
    return bool(_VALUES.search(text))


def is_literal(value: str) -> bool:
    """Whether the value is written out: neither an expression nor only named values and scheme words."""
    rest = _NAMED_VALUE.sub("", value).strip()
    return not rest.startswith(("@(", "@{")) and rest.lower() not in ("", "bearer", "basic")


def carries_key(name: str, value: str) -> bool:
    """Whether a header or parameter of that name with that value is a key written out."""
    if not is_literal(value):
        return False
    by_name = name.lower() in _NAMES or (name.lower() in _WIDE_NAMES and len(value) >= 16)
    return by_name or holds_key(value)


def speaks_of_keys(name: str) -> bool:
    """Whether a named value's name says that it holds a key: `openai-key`, `clientSecret`."""
    return bool(_SPEAKING_NAME.search(name))


def masked(value: str) -> str:
    """How a message shows a key: never the key itself."""
    return f"a literal of {len(value)} characters"
