"""What the CLI is told: enough to find the twin, and nothing with which it could find anything real."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from twin.engine.environment import Folders, environment

FOLDERS = Folders(Path("/home/ada/state"))
ARM = "http://127.0.0.1:8470"


def test_the_cli_keeps_to_the_state_folder_of_the_twin():
    told = environment({}, FOLDERS, ARM)

    assert told["PULUMI_HOME"] == "/home/ada/state/pulumi"
    assert told["PULUMI_BACKEND_URL"] == "file:///home/ada/state/stacks"


def test_the_provider_is_pointed_at_the_twin_and_logs_in_with_nothing_of_worth():
    told = environment({}, FOLDERS, ARM)

    assert {name: value for name, value in told.items() if name.startswith("ARM_")} == {
        "ARM_METADATA_HOSTNAME": "http://127.0.0.1:8470",
        "ARM_SUBSCRIPTION_ID": "00000000-0000-0000-0000-000000000001",
        "ARM_TENANT_ID": "00000000-0000-0000-0000-000000000002",
        "ARM_CLIENT_ID": "00000000-0000-0000-0000-000000000003",
        "ARM_CLIENT_SECRET": "twin",
    }


def test_no_provider_from_path_or_from_the_network_takes_the_place_of_the_stand_in():
    told = environment({"PULUMI_IGNORE_AMBIENT_PLUGINS": "false"}, FOLDERS, ARM)

    assert told["PULUMI_IGNORE_AMBIENT_PLUGINS"] == "true"
    assert told["PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"] == "true"


def test_without_a_twin_azure_is_a_port_on_which_nothing_listens():
    assert environment({}, FOLDERS)["ARM_METADATA_HOSTNAME"] == "http://127.0.0.1:9"


def test_what_leads_to_a_real_cloud_does_not_come_through():
    real = {
        "ARM_CLIENT_SECRET": "real",
        "ARM_USE_OIDC": "true",
        "AZURE_CLIENT_SECRET": "real",
        "AZURE_CONFIG_DIR": "/home/ada/.azure",
        "IDENTITY_ENDPOINT": "http://169.254.169.254",
        "MSI_ENDPOINT": "http://169.254.169.254",
        "PULUMI_ACCESS_TOKEN": "pul-real",
        "PULUMI_BACKEND_URL": "https://api.pulumi.com",
        "PULUMI_DEBUG_PROVIDERS": "azure-native:1234",
        "PULUMI_HOME": "/home/ada/.pulumi",
        "PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES": ".*=https://example.com",
    }
    told = environment(real, FOLDERS, ARM)

    assert not {name: value for name, value in real.items() if told.get(name) == value}


def test_what_a_person_sets_to_look_into_the_engine_comes_through():
    told = environment({"PATH": "/bin", "PULUMI_PARALLEL": "1", "PULUMI_STACK": "prod"}, FOLDERS, ARM)

    assert (told["PATH"], told["PULUMI_PARALLEL"], told["PULUMI_STACK"]) == ("/bin", "1", "prod")


def test_the_passphrase_is_empty_unless_a_person_brings_one():
    own, file = {"PULUMI_CONFIG_PASSPHRASE": "s3cret"}, {"PULUMI_CONFIG_PASSPHRASE_FILE": "/home/ada/passphrase"}

    assert environment({}, FOLDERS)["PULUMI_CONFIG_PASSPHRASE"] == ""
    assert environment(own, FOLDERS)["PULUMI_CONFIG_PASSPHRASE"] == "s3cret"
    # Pulumi prefers the variable to the file: an empty one would hide it.
    assert "PULUMI_CONFIG_PASSPHRASE" not in environment(file, FOLDERS)


def test_what_is_meant_for_this_machine_goes_through_no_proxy():
    behind = {"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": "corp.example"}
    told = environment(behind, FOLDERS, ARM)

    assert told["NO_PROXY"] == told["no_proxy"] == "corp.example,127.0.0.1,localhost"


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["ARM_", "AZURE_", "PULUMI_", "MSI_", "IDENTITY_", "HOME", "LANG"]).flatmap(
            lambda prefix: st.text("ABCDEFGHIJ_", min_size=1).map(lambda rest: prefix + rest)
        ),
        st.just("ambient"),
    )
)
def test_no_variable_of_azure_or_pulumi_that_nobody_thought_of_comes_through(ambient: dict[str, str]):
    told = environment(ambient, FOLDERS, ARM)

    passed = {name for name, value in told.items() if value == "ambient"}
    assert passed == {name for name in ambient if not name.startswith(("ARM_", "AZURE_", "PULUMI_", "MSI_", "IDENT"))}
