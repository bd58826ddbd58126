from dataclasses import replace

import pytest

from tests.support.expressions import call
from twin.policy.context import Api, Context, Group, Headers, Response, Subscription, Url, User
from twin.policy.expressions import ExpressionFault, compile_expression


class OnceBody:
    """A body that is gone once it was read, unless the reader asked to preserve it."""

    def __init__(self, text: str) -> None:
        self.text: str | None = text

    def read(self, *, preserve: bool) -> bytes:
        text, self.text = self.text or "", self.text if preserve else None
        return text.encode()


def run(source: str, context: Context) -> object:
    return compile_expression(source).run(context)


def test_a_body_is_read_with_the_wish_to_keep_it_or_not():
    context = call()
    context.request.body = OnceBody('{"n": 1}')
    assert run('@(context.Request.Body.As<JObject>(preserveContent: true)["n"].ToString())', context) == "1"
    assert run("@(context.Request.Body.As<string>(true))", context) == '{"n": 1}'
    assert run("@(context.Request.Body.As<string>())", context) == '{"n": 1}'
    assert run("@(context.Request.Body.As<string>())", context) == ""


def test_a_body_that_is_not_there_is_null():
    assert run("@(context.Request.Body == null)", call()) is True
    assert run('@(context.Request.Body?.As<string>() ?? "nothing")', call()) == "nothing"


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("@(context.Request.Body.As<JObject>())", "Newtonsoft.Json.JsonReaderException"),
        ("@(context.Request.Body.As<int>())", "System.NotSupportedException"),
    ],
)
def test_a_body_that_is_something_else_throws(source: str, kind: str):
    context = call()
    context.request.body = OnceBody("no json")
    with pytest.raises(ExpressionFault) as fault:
        run(source, context)
    assert fault.value.kind == kind


def test_an_empty_body_is_no_json_and_the_fault_says_so():
    context = call()
    context.request.body = OnceBody(" ")
    with pytest.raises(ExpressionFault, match=r"Error reading JObject from JsonReader. Path '', line 0, position 0\."):
        run("@(context.Request.Body.As<JObject>())", context)


def test_bytes_and_forms_are_read_too():
    context = call()
    context.request.body = OnceBody("a=1&b=x+y&a=2")
    assert run("@(context.Request.Body.As<byte[]>(true).Length)", context) == 13
    assert run('@(string.Join(",", context.Request.Body.AsFormUrlEncodedContent(true)["a"]))', context) == "1,2"
    assert run('@(context.Request.Body.AsFormUrlEncodedContent(true)["b"][0])', context) == "x y"


def test_headers_are_found_whatever_the_case_and_joined_by_commas():
    context = call()
    context.response = Response(200, "OK", Headers({"X-Many": ["1", "2"]}))
    assert run('@(context.Response.Headers.GetValueOrDefault("x-MANY"))', context) == "1,2"
    assert run('@(context.Response.Headers["X-many"][1])', context) == "2"
    assert run('@(context.Response.Headers.GetValueOrDefault("none", "-"))', context) == "-"
    assert run('@(context.Response.Headers.GetValueOrDefault("none"))', context) is None
    assert run('@(context.Response.Headers.ContainsKey("x-many"))', context) is True


def test_variables_keep_their_case_and_their_types():
    context = call(n=5, text="a")
    assert run('@(context.Variables.GetValueOrDefault<int>("n") + 1)', context) == 6
    assert run('@(context.Variables.GetValueOrDefault<int>("N", 7))', context) == 7
    assert run('@(context.Variables.GetValueOrDefault<int>("N"))', context) == 0
    with pytest.raises(ExpressionFault) as fault:
        run('@(context.Variables.GetValueOrDefault<int>("text"))', context)
    assert fault.value.kind == "System.InvalidCastException"


def test_what_the_gateway_does_not_know_of_a_call_is_null():
    for name in ("Response", "LastError", "Api", "Operation", "Product", "Subscription", "User"):
        assert run(f"@(context.{name} == null)", call()) is True
    with pytest.raises(ExpressionFault) as fault:
        run("@(context.Subscription.Id)", call())
    assert fault.value.kind == "System.NullReferenceException"


def test_subscription_user_api_and_address_are_plain_to_read():
    context = call()
    context.subscription = Subscription("s", "gold", "key", "one", "two", created=0.0)
    context.user = User("u", "u@x", groups=[Group("g", "vip")])
    context.api = Api("a", "Api", "/a", Url("http", "backend", 8080, "/base"))
    shown = replace(context.request.url, path="/p q", query_string="?a=b")
    context.request.see_url = lambda: shown
    assert run("@(context.Subscription.Name + context.Subscription.CreatedDate.Year)", context) == "gold1970"
    assert run("@(context.Subscription.EndDate == null)", context) is True
    assert run('@(context.User.Groups.Any(g => g.Name == "vip"))', context) is True
    assert run("@(context.Api.ServiceUrl.ToString())", context) == "http://backend:8080/base"
    assert run("@(context.Request.Url.ToString())", context) == "https://h/p q?a=b"


def test_a_trace_reaches_the_gateway():
    context, told = call(), []
    context.trace = told.append
    run('@{ context.Trace("here"); return 1; }', context)
    assert told == ["here"]


def test_the_gateway_is_the_services_own():
    assert run("@(context.Deployment.Gateway.IsManaged)", call()) is True
    assert (
        run('@($"{context.Deployment.Gateway?.Id} {context.Deployment.Gateway.InstanceId}")', call())
        == "managed managed"
    )
    assert run("@(context.Deployment.GatewayId)", call()) == "managed"


def test_the_service_has_one_name_under_two():
    assert run('@($"{context.Deployment.ServiceName} {context.Deployment.ServiceId}")', call()) == "gw gw"


def test_no_caller_of_the_twin_shows_a_certificate():
    source = "@(context.Request.Certificate == null || !context.Request.Certificate.Verify())"
    assert run(source, call()) is True
    known = "@(context.Deployment.Certificates.Any(c => c.Value.Thumbprint == context.Request.Certificate?.Thumbprint))"
    assert run(known, call()) is False
