"""Named values and their secrets."""

from tests.support.arm import body_of, wrong_fields
from tests.support.service import Service


def test_a_plain_value_is_given_back(service: Service) -> None:
    found = service.made("/namedValues/region", displayName="region", value="eastus2", tags=["gateway"])
    assert found == {
        "displayName": "region",
        "value": "eastus2",
        "tags": ["gateway"],
        "secret": False,
        "provisioningState": "Succeeded",
    }


def test_a_secret_value_is_given_out_by_list_value_only(service: Service) -> None:
    answer = service.put("/namedValues/key", {"properties": {"displayName": "key", "value": "s3cret", "secret": True}})
    shown = [body_of(answer), body_of(service.get("/namedValues/key")), body_of(service.get("/namedValues"))]
    assert "s3cret" not in str(shown)
    assert body_of(service.post("/namedValues/key/listValue")) == {"value": "s3cret"}


def test_two_named_values_with_one_display_name_are_refused_in_azures_words(service: Service) -> None:
    service.made("/namedValues/a", displayName="region", value="1")
    assert wrong_fields(service.put("/namedValues/b", {"properties": {"displayName": "Region", "value": "2"}})) == [
        ("name", "Property with the same name already exist.")
    ]


def test_a_named_value_needs_a_display_name_and_a_value(service: Service) -> None:
    assert wrong_fields(service.put("/namedValues/a", {"properties": {}})) == [
        ("displayName", "DisplayName is required."),
        ("value", "Value is required, or a keyVault."),
    ]


def test_a_display_name_with_a_space_does_not_match_the_model(service: Service) -> None:
    answer = service.put("/namedValues/a", {"properties": {"displayName": "my region", "value": "1"}})
    assert wrong_fields(answer) == [("displayName", "'displayName' does not match expression '^[A-Za-z0-9-._]+$'")]


def test_a_value_from_a_key_vault_is_a_secret_without_a_value(service: Service) -> None:
    vault = {"secretIdentifier": "https://kv.vault.azure.net/secrets/key"}
    found = service.made("/namedValues/key", displayName="key", keyVault=vault, secret=True)
    assert found["keyVault"] == vault
    assert "value" not in found


def test_an_empty_value_and_a_vault_without_a_secret_are_refused(service: Service) -> None:
    empty = service.put("/namedValues/a", {"properties": {"displayName": "a", "value": ""}})
    assert wrong_fields(empty) == [("value", "Value must not be empty.")]
    vault = service.put("/namedValues/a", {"properties": {"displayName": "a", "keyVault": {}}})
    assert wrong_fields(vault) == [("keyVault", "A secretIdentifier is required.")]
