"""Closed lists of values."""

import pytest

from tests.support.arm import wrong_fields
from tests.support.service import Service
from twin.azure.rules import choices
from twin.azure.shapes import shape


@pytest.mark.parametrize(
    ("token", "path", "enumeration"),
    [(token, path, name) for token, paths in choices._LISTS.items() for path, name in paths.items()],
)
def test_every_list_is_microsofts_and_of_a_property_that_exists(token: str, path: str, enumeration: str) -> None:
    assert choices._allowed(enumeration)
    body: object = "x"
    for step in reversed(path.split(".")):
        body = {step: body}
    assert isinstance(body, dict)
    assert "x" in str(shape(token).to_sdk(body, "inputs"))


def test_values_compare_without_case(service: Service) -> None:
    body = {"properties": {"displayName": "a", "state": "PUBLISHED"}}
    assert service.put("/products/a", body).status == 201
    body["properties"]["state"] = "sold"
    assert wrong_fields(service.put("/products/a", body)) == [
        ("state", "'sold' is not a valid state: it must be 'notPublished' or 'published'.")
    ]
