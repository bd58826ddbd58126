import base64
import json

import pytest

from tests.support.expressions import call
from twin.policy.expressions import compile_expression


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


TOKEN = ".".join(
    [
        part({"alg": "RS256", "typ": "JWT"}),
        part({"sub": "me", "aud": "api", "roles": ["a", "b"], "exp": 1714557600, "admin": True}),
        "c2ln",
    ]
)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("{0}.AsJwt().Subject", "me"),
        ("{0}.AsJwt().Algorithm", "RS256"),
        ("{0}.AsJwt().Issuer", None),
        ('{0}.AsJwt().Claims.GetValueOrDefault("roles")', "a,b"),
        ('{0}.AsJwt().Claims["roles"][1]', "b"),
        ('{0}.AsJwt().Claims.GetValueOrDefault("admin", "none")', "true"),
        ('{0}.AsJwt().Claims.GetValueOrDefault("none", "none")', "none"),
        ("{0}.AsJwt().Audiences.First()", "api"),
        ('{0}.AsJwt().ExpirationTime.Value.ToString("s")', "2024-05-01T10:00:00"),
        ("{0}.AsJwt().NotBefore == null", True),
        ('("Bearer " + {0}).AsJwt()?.Subject', "me"),
        ('"a.b.c".AsJwt()?.Subject', None),
        ('"nothing".AsJwt() == null', True),
        ('"Basic dTpwOnE=".AsBasic().UserId', "u"),
        ('"Basic dTpwOnE=".AsBasic().Password', "p:q"),
        ('"Bearer dTpw".AsBasic() == null', True),
        ('"Basic !".AsBasic() == null', True),
    ],
)
def test_credentials_are_read_from_their_texts(source: str, value: object):
    written = source.format('((string)context.Variables["t"])')
    assert compile_expression(f"@({written})").run(call(t=TOKEN)) == value


def test_the_careful_way_to_read_a_token_works():
    source = '@{ Jwt jwt; return ((string)context.Variables["t"]).TryParseJwt(out jwt) ? jwt.Subject : "none"; }'
    assert compile_expression(source).run(call(t=TOKEN)) == "me"
    assert compile_expression(source).run(call(t="x")) == "none"


def test_the_careful_way_to_read_a_user_and_a_password_works():
    source = '@{ BasicAuthCredentials who; return "Basic dTpw".TryParseBasic(out who) ? who.UserId : "none"; }'
    assert compile_expression(source).run(call()) == "u"
    assert compile_expression(source.replace("Basic dTpw", "Bearer dTpw")).run(call()) == "none"
