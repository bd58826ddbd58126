"""Tokens of managed identities: what they say, and which are believed."""

import jwt
import pytest

from twin.bearer import Claims, Issuer

NOW = 1_700_000_000.0
AUDIENCE = "https://cognitiveservices.azure.com"
PRINCIPAL = "99999999-0000-0000-0000-000000000001"
SECRET = b"s" * 32


def test_a_token_says_who_may_call_what_and_until_when():
    token = Issuer("tenant-1", SECRET).issue(PRINCIPAL, AUDIENCE, NOW)

    said = jwt.decode(token, options={"verify_signature": False})

    assert said["aud"] == AUDIENCE
    assert said["oid"] == said["sub"] == PRINCIPAL
    assert said["iss"] == "https://sts.windows.net/tenant-1/"
    assert said["tid"] == "tenant-1"
    assert (said["nbf"], said["exp"]) == (NOW, NOW + 3600)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


def test_the_issuer_reads_its_own_tokens_at_any_time():
    issuer = Issuer("tenant-1", SECRET)
    token = issuer.issue(PRINCIPAL, AUDIENCE, NOW)
    for _ in range(2):  # from the token, and from memory
        assert issuer.read(token) == Claims(AUDIENCE, PRINCIPAL, NOW, NOW + 3600)


@pytest.mark.parametrize(("moment", "holds"), [(-1, False), (0, True), (3599, True), (3600, False)])
def test_a_token_holds_for_an_hour(moment: float, holds: bool):
    assert Claims(AUDIENCE, PRINCIPAL, NOW, NOW + 3600).holds(NOW + moment) is holds


def test_a_token_of_another_issuer_says_nothing():
    token = Issuer("tenant-1", b"other" * 8).issue(PRINCIPAL, AUDIENCE, NOW)
    assert Issuer("tenant-1", SECRET).read(token) is None
    assert Issuer("tenant-1").read(Issuer("tenant-1").issue(PRINCIPAL, AUDIENCE, NOW)) is None


def test_a_token_that_was_changed_or_has_no_signature_says_nothing():
    issuer = Issuer("tenant-1", SECRET)
    head, _, tail = issuer.issue(PRINCIPAL, AUDIENCE, NOW).split(".")
    other = jwt.encode({"oid": "somebody else"}, SECRET, "HS256").split(".")[1]
    unsigned = jwt.encode({"oid": PRINCIPAL}, None, "none")
    for token in (f"{head}.{other}.{tail}", unsigned, "nonsense", ""):
        assert issuer.read(token) is None


def test_the_same_secret_gives_the_same_token():
    first, second = (Issuer("tenant-1", SECRET).issue(PRINCIPAL, AUDIENCE, NOW) for _ in range(2))
    assert first == second
