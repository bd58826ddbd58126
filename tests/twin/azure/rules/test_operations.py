"""Operations of an API."""

from typing import Any

import pytest

from tests.support.arm import wrong_fields
from tests.support.service import Service


def operation(template: str, *parameters: str, method: str = "POST", name: str = "Chat") -> dict[str, Any]:
    listed = [{"name": parameter, "type": "string", "required": True} for parameter in parameters]
    return {
        "properties": {"displayName": name, "method": method, "urlTemplate": template, "templateParameters": listed}
    }


MISMATCH = "All template parameters used in the UriTemplate must be defined in the Operation 'Chat', and vice-versa."


@pytest.mark.parametrize(
    ("template", "parameters"),
    [
        ("/{*path}", ["path"]),
        ("/*", []),
        ("/", []),
        ("/deployments/{deployment}/chat/completions", ["deployment"]),
        ("/deployments/{deployment}/chat?api-version={api-version}", ["deployment", "api-version"]),
    ],
)
def test_template_parameters_that_match_are_taken(service: Service, template: str, parameters: list[str]) -> None:
    service.api()
    assert service.put("/apis/openai/operations/chat", operation(template, *parameters)).status == 201


@pytest.mark.parametrize(
    ("template", "parameters"),
    [("/{*path}", []), ("/{*path}", ["other"]), ("/*", ["path"]), ("/{a}/{b}", ["a"]), ("/{a}", ["a", "b"])],
)
def test_template_parameters_that_do_not_match_are_refused_in_azures_words(
    service: Service, template: str, parameters: list[str]
) -> None:
    service.api()
    answer = service.put("/apis/openai/operations/chat", operation(template, *parameters))
    assert wrong_fields(answer) == [("", MISMATCH)]


def test_a_template_parameter_needs_name_and_type(service: Service) -> None:
    service.api()
    body = operation("/{path}")
    body["properties"]["templateParameters"] = [{}]
    assert wrong_fields(service.put("/apis/openai/operations/chat", body)) == [
        ("templateParameters[0].name", "missing required property 'templateParameters[0].name'"),
        ("templateParameters[0].type", "missing required property 'templateParameters[0].type'"),
    ]


def test_two_operations_of_one_method_and_template_are_refused(service: Service) -> None:
    service.api()
    service.put("/apis/openai/operations/a", operation("/{a}/chat", "a"))
    answer = service.put("/apis/openai/operations/b", operation("/{b}/CHAT", "b", method="post"))
    assert wrong_fields(answer) == [
        ("urlTemplate", "Operation 'a' with the same method and UrlTemplate already exists: post /{b}/CHAT")
    ]
    assert service.put("/apis/openai/operations/c", operation("/{a}/chat", "a", method="GET")).status == 201


def test_an_operation_needs_display_name_method_and_template(service: Service) -> None:
    service.api()
    assert wrong_fields(service.put("/apis/openai/operations/chat", {"properties": {}})) == [
        ("displayName", "DisplayName is required."),
        ("method", "Method is required."),
        ("urlTemplate", "UrlTemplate is required."),
    ]


def test_a_template_without_a_leading_slash_is_refused(service: Service) -> None:
    service.api()
    assert wrong_fields(service.put("/apis/openai/operations/chat", operation("chat"))) == [
        ("urlTemplate", "UrlTemplate 'chat' must start with '/'.")
    ]


def test_a_method_that_is_no_word_is_refused(service: Service) -> None:
    service.api()
    assert wrong_fields(service.put("/apis/openai/operations/chat", operation("/", method="PO ST"))) == [
        ("method", "'PO ST' is not a valid HTTP method.")
    ]
