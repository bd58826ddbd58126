from twin.messages import Headers, Request, Response, Url
from twin.policy.views import BodyView, HeaderView, response_view, url_view


def test_headers_are_seen_whatever_their_case_with_all_their_values() -> None:
    view = HeaderView(Headers([("X-A", "1"), ("x-a", "2"), ("B", "3")]))
    assert list(view["x-A"]) == ["1", "2"]
    assert ("b" in view, "c" in view, 7 in view, list(view), len(view)) == (True, False, False, ["X-A", "B"], 2)


def test_headers_are_seen_as_they_are_now() -> None:
    headers = Headers()
    view = HeaderView(headers)
    assert view.get("a") is None
    headers.set("a", "1")
    assert list(view["A"]) == ["1"]


def test_a_body_can_be_read_once_unless_it_is_preserved() -> None:
    request = Request("POST", Url("/"), body=b"text")
    view = BodyView(request)
    assert (view.read(preserve=True), view.read(preserve=False), view.read(preserve=True)) == (b"text", b"text", b"")
    assert request.body == b""


def test_a_url_shows_its_parts() -> None:
    seen = url_view(Url("/a%20b", (("x", "1"), ("X", "2"), ("y", "a b")), "http", "h.example:8080"))
    assert (seen.scheme, seen.host, seen.port, seen.path) == ("http", "h.example", 8080, "/a%20b")
    assert seen.query_string == "?x=1&X=2&y=a%20b"
    assert list(seen.query["Y"]) == ["a b"]


def test_a_url_without_a_host_has_that_of_the_gateway() -> None:
    seen = url_view(Url("/a"), "https", "gateway.example")
    assert (seen.scheme, seen.host, seen.port, seen.query_string) == ("https", "gateway.example", 443, "")


def test_a_port_is_that_of_the_scheme_where_none_is_named() -> None:
    assert [url_view(Url("/", scheme=scheme, host="h")).port for scheme in ("http", "https")] == [80, 443]


def test_a_response_is_seen_with_its_status_and_live_headers() -> None:
    response = Response(404, "Not Found", Headers([("a", "1")]), b"text")
    seen = response_view(response)
    response.headers.set("a", "2")
    assert (seen.status_code, seen.status_reason, list(seen.headers["A"])) == (404, "Not Found", ["2"])
    assert seen.body is not None
    assert seen.body.read(preserve=True) == b"text"
