import pytest

from twin.openai.regions import displayed


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("eastus2", "East US 2"),
        ("East US 2", "East US 2"),
        ("eastus", "East US"),
        ("southcentralus", "South Central US"),
        ("swedencentral", "Sweden Central"),
        ("uksouth", "UK South"),
        ("westeurope", "West Europe"),
        ("germanywestcentral", "Germany West Central"),
        ("uaenorth", "UAE North"),
        ("southeastasia", "Southeast Asia"),
        ("australiaeast", "Australia East"),
        ("koreacentral", "Korea Central"),
        ("southafricanorth", "South Africa North"),
    ],
)
def test_a_region_is_shown_as_azure_shows_it(name: str, shown: str):
    assert displayed(name) == shown
