"""The twin's copy of a stack's configuration: the same settings, but for secrets and clouds it has no part in."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.engine.configuration import can_read_secrets, copy_configuration
from twin.engine.errors import CommandError

NO_PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE": ""}
PASSPHRASE = {"PULUMI_CONFIG_PASSPHRASE": "s3cret"}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    return tmp_path / "Pulumi.dev.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "state" / "Pulumi.dev.yaml"


def test_settings_are_copied_and_the_original_stays_as_it_is(original: Path, copy: Path):
    text = "# for the team\nconfig:\n  gateway:backends:\n    - {name: a, weight: 2}\n"
    original.write_text(text)

    made = copy_configuration(original, copy, NO_PASSPHRASE)

    assert yaml.safe_load(copy.read_text()) == {"config": {"gateway:backends": [{"name": "a", "weight": 2}]}}
    assert made.left_out == ()
    assert original.read_text() == text


@pytest.mark.parametrize("scalar", ["yes", "1:30", "0o17", "017", "1e3", "2026-01-01", "'5'", "null", "~", "PT10S"])
def test_a_scalar_stays_as_it_was_written(scalar: str, original: Path, copy: Path):
    original.write_text(f"config:\n  gateway:value: {scalar}\n")

    copy_configuration(original, copy, NO_PASSPHRASE)

    assert copy.read_text() == f"config:\n  gateway:value: {scalar}\n"


def test_a_stack_without_a_file_has_an_empty_configuration(original: Path, copy: Path):
    copy_configuration(original, copy, NO_PASSPHRASE)

    assert yaml.safe_load(copy.read_text()) == {}


def test_the_salt_of_the_twins_stack_survives_a_change_of_the_settings(original: Path, copy: Path):
    original.write_text("config: {gateway:location: eastus2}\n")
    copy_configuration(original, copy, NO_PASSPHRASE)
    copy.write_text(copy.read_text() + "encryptionsalt: v1:twin\n")  # as Pulumi does
    original.write_text("config: {gateway:location: westus}\n")

    copy_configuration(original, copy, NO_PASSPHRASE)

    assert yaml.safe_load(copy.read_text()) == {
        "config": {"gateway:location": "westus"},
        "encryptionsalt": "v1:twin",
    }


def test_secrets_that_only_the_real_backend_can_read_are_left_out_and_named(original: Path, copy: Path):
    original.write_text(
        "secretsprovider: azurekeyvault://vault\nencryptedkey: abc\n"
        "config:\n  gateway:plain: a\n  gateway:key: {secure: v1:x}\n  gateway:deep: [{inner: {secure: v1:y}}]\n"
    )

    made = copy_configuration(original, copy, NO_PASSPHRASE)

    assert made.left_out == ("gateway:deep", "gateway:key")
    assert yaml.safe_load(copy.read_text()) == {"config": {"gateway:plain": "a"}}


def test_secrets_behind_a_passphrase_are_kept_when_the_passphrase_is_there(original: Path, copy: Path):
    text = "encryptionsalt: v1:team\nconfig:\n  gateway:key: {secure: v1:x}\n"
    original.write_text(text)

    made = copy_configuration(original, copy, PASSPHRASE)

    assert made.left_out == ()
    assert yaml.safe_load(copy.read_text()) == yaml.safe_load(text)


def test_secrets_behind_a_passphrase_are_left_out_when_it_is_not_there(original: Path, copy: Path):
    original.write_text("encryptionsalt: v1:team\nconfig:\n  gateway:key: {secure: v1:x}\n")

    made = copy_configuration(original, copy, NO_PASSPHRASE)

    assert made.left_out == ("gateway:key",)
    assert yaml.safe_load(copy.read_text()) == {"config": {}}


def test_settings_that_say_where_azure_is_are_left_out(original: Path, copy: Path):
    original.write_text("config:\n  azure-native:subscriptionId: real\n  azure-native:location: eastus2\n")

    made = copy_configuration(original, copy, NO_PASSPHRASE)

    assert made.left_out == ("azure-native:subscriptionId",)
    assert yaml.safe_load(copy.read_text()) == {"config": {"azure-native:location": "eastus2"}}


def test_a_file_that_is_not_yaml_is_named(original: Path, copy: Path):
    original.write_text("config: [\n")

    with pytest.raises(CommandError, match=r"Pulumi\.dev\.yaml is not YAML: .*line 2"):
        copy_configuration(original, copy, NO_PASSPHRASE)


@pytest.mark.parametrize(
    ("text", "environment", "readable"),
    [
        ("encryptionsalt: v1:team\n", PASSPHRASE, True),
        ("encryptionsalt: v1:team\n", NO_PASSPHRASE, False),
        ("config: {}\n", PASSPHRASE, False),
        ("encryptionsalt: v1:team\nsecretsprovider: passphrase\n", PASSPHRASE, False),
    ],
)
def test_secrets_can_be_read_where_salt_and_passphrase_meet(
    text: str, environment: dict[str, str], readable: bool, original: Path
):
    original.write_text(text)

    assert can_read_secrets(original, environment) is readable


plain = st.recursive(
    st.integers() | st.booleans() | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1).map(lambda name: f"gateway:{name}"), plain, max_size=4))
def test_every_plain_setting_means_the_same_in_the_copy(tmp_path_factory: pytest.TempPathFactory, values):
    folder = tmp_path_factory.mktemp("copy")
    (folder / "original.yaml").write_text(yaml.safe_dump({"config": values}), encoding="utf-8")

    copy_configuration(folder / "original.yaml", folder / "copy.yaml", NO_PASSPHRASE)

    assert yaml.safe_load((folder / "copy.yaml").read_text(encoding="utf-8")) == {"config": values}
