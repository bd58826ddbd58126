"""Paths and templates: which API and which operation a request is for."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.gateway.routing import Template, longest


@dataclass(frozen=True)
class Api:
    path: str


def found(template: str, path: str, method: str = "GET", of: str = "GET", **query: str) -> dict[str, str] | None:
    return Template(of, template).parameters(method, path, query)


@pytest.mark.parametrize(
    ("template", "path", "parameters"),
    [
        ("/", "/", {}),
        ("/chat", "/chat", {}),
        ("/chat", "/chat/", {}),
        ("/chat", "/CHAT", {}),
        ("/deployments/{name}", "/deployments/gpt-4o", {"name": "gpt-4o"}),
        ("/deployments/{name}", "/deployments/my%20model", {"name": "my model"}),
        ("/deployments/{name}/chat", "/deployments/a/chat", {"name": "a"}),
        ("/{a}-{b}", "/x-y", {"a": "x", "b": "y"}),
        ("/{*path}", "/a/b/c", {"path": "a/b/c"}),
        ("/{*path}", "/", {"path": ""}),
        ("/files/*", "/files/a/b", {}),
        ("/files/{id}/*", "/files/7/content/x", {"id": "7"}),
        ("/a.b", "/a.b", {}),
    ],
)
def test_a_path_that_fits_a_template_fills_its_parameters(template: str, path: str, parameters: dict[str, str]):
    assert found(template, path) == parameters


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/chat", "/chats"),
        ("/chat", "/chat/more"),
        ("/chat", "/"),
        ("/deployments/{name}", "/deployments/"),
        ("/deployments/{name}", "/deployments/a/b"),
        ("/files/*", "/file/a"),
        ("/a.b", "/axb"),
    ],
)
def test_a_path_that_does_not_fit_has_none(template: str, path: str):
    assert found(template, path) is None


@pytest.mark.parametrize(("of", "method", "fits"), [("POST", "POST", True), ("POST", "GET", False), ("*", "PUT", True)])
def test_the_method_must_be_the_templates(of: str, method: str, fits: bool):
    assert (found("/x", "/x", method, of) is not None) == fits


def test_query_parameters_of_a_template_are_demanded_and_filled():
    template = "/x?api-version={version}&kind"
    assert found(template, "/x", **{"api-version": "1", "kind": ""}) == {"version": "1"}
    assert found(template, "/x", **{"api-version": "1"}) is None


def test_literal_parts_go_before_parameters_and_parameters_before_wildcards():
    texts = ["/{*path}", "/deployments/*", "/deployments/{name}/chat", "/deployments/{name}", "/deployments/a/chat"]
    ranked = sorted((Template("GET", text) for text in texts), key=lambda template: template.rank)
    assert [template.text for template in ranked] == [
        "/deployments/a/chat",
        "/deployments/{name}/chat",
        "/deployments/{name}",
        "/deployments/*",
        "/{*path}",
    ]


@pytest.mark.parametrize(
    ("path", "api", "below"),
    [
        ("/openai/chat", "openai", "/chat"),
        ("/openai", "openai", "/"),
        ("/OpenAI/Chat", "openai", "/Chat"),
        ("/openai/v1/models", "openai/v1", "/models"),
        ("/openais", "", "/openais"),
        ("/anything", "", "/anything"),
    ],
)
def test_the_api_with_the_longest_path_gets_the_request(path: str, api: str, below: str):
    apis = [Api("openai"), Api(""), Api("openai/v1")]
    assert longest(apis, path) == (Api(api), below)


def test_a_path_of_no_api_is_found_nowhere():
    assert longest([Api("openai"), Api("other")], "/openais") is None
    assert longest([], "/") is None


@given(st.lists(st.from_regex(r"[a-z0-9~%. -]{1,8}", fullmatch=True), min_size=1, max_size=5))
def test_a_wildcard_takes_whatever_is_left(parts: list[str]):
    path = "/" + "/".join(part.replace("%", "%25").replace(" ", "%20") for part in parts)
    assert found("/{*rest}", path) == {"rest": "/".join(parts)}
