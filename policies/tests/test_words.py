"""Keys and durations: what looks like one."""

import pytest
from guardrails.durations import seconds
from guardrails.keys import carries_key, holds_key, masked, speaks_of_keys

HEX = "0123456789abcdef0123456789ABCDEF"
LONG = "a" * 52 + "JQQJ99" + "B" * 26


@pytest.mark.parametrize(
    "text",
    [
        HEX,
        f"Bearer {HEX}",
        f'@("{HEX}")',
        LONG,
        "sk-abcdefghijklmnopqrstuvwx",
        "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
        "AccountName=x;AccountKey=abcdefgh12345678",
        "A" * 86 + "==",
    ],
)
def test_keys_are_known_by_their_form(text: str):
    assert holds_key(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00000000-0000-0000-0000-000000000001",
        HEX + "0" * 8,  # a certificate's thumbprint
        "https://cognitiveservices.azure.com",
        "{{openai-key}}",
        "context.Variables.GetValueOrDefault<string>",
    ],
)
def test_other_texts_are_not_taken_for_keys(text: str):
    assert not holds_key(text)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("api-key", "abc", True),
        ("Authorization", "Basic dXNlcjpwdw==", True),
        ("Authorization", "Bearer {{token}}", False),
        ("Authorization", '@("Bearer " + token)', False),
        ("api-key", "", False),
        ("key", "fruit", False),
        ("key", "0123456789012345", True),
        ("x-team", "blue", False),
        ("x-team", HEX, True),
    ],
)
def test_a_header_carries_a_key_by_its_name_or_by_its_value(name: str, value: str, expected: bool):
    assert carries_key(name, value) is expected


@pytest.mark.parametrize(
    "name",
    ["openai-key", "key1", "Keys", "clientSecret", "OpenAIKey", "key-2"],
)
def test_names_that_speak_of_keys(name: str):
    assert speaks_of_keys(name)


@pytest.mark.parametrize("name", ["monkey", "keyboard", "max-tokens", "token-limit", "greeting", "passwordless"])
def test_names_that_do_not(name: str):
    assert not speaks_of_keys(name)


def test_a_key_is_never_shown():
    assert HEX not in masked(HEX)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("PT10S", 10),
        ("PT1M30S", 90),
        ("PT0.5S", 0.5),
        ("P1D", 86400),
        ("P1DT1H", 90000),
        ("P2W", 1209600),
        ("P1M", 2592000),
        ("PT0S", 0),
        ("", None),
        ("P", None),
        ("PT", None),
        ("P1DT", None),
        ("10s", None),
        ("00:00:10", None),
        ("-PT10S", None),
        ("PT10", None),
    ],
)
def test_durations_in_seconds(duration: str, expected: float | None):
    assert seconds(duration) == expected
