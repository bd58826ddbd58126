"""What the command asks of the Azure of a twin that runs."""

from pathlib import Path

import pytest

from tests.support.arm import LocalArm, local_arm
from twin.command.calls import add_estate
from twin.command.running import Running
from twin.engine.errors import CommandError

ACCOUNT = "resourceGroups: [{name: rg-own, location: westeurope, accounts: [{name: aoai-own}]}]"


def added(arm: LocalArm, file: Path) -> None:
    add_estate(Running(0, arm.url, "", "", "", {}), file)


def test_what_an_estate_holds_is_made_once_beside_what_exists(tmp_path: Path):
    file = tmp_path / "estate.yaml"
    file.write_text(ACCOUNT)
    with local_arm() as arm:
        before = {one.id for one in arm.store.all()}
        added(arm, file)
        first = {one.id: one.etag for one in arm.store.all()}
        added(arm, file)

        group = f"/subscriptions/{arm.subscription_id}/resourceGroups/rg-own"
        account = f"{group}/providers/Microsoft.CognitiveServices/accounts/aoai-own"
        assert set(first) - before == {group, account, f"{account}/simulation"}
        assert {one.id: one.etag for one in arm.store.all()} == first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("resourceGroup: []", "  - resourceGroup is not known; did you mean resourceGroups?"),
        (ACCOUNT.replace("aoai-own", "aoai own"), "  - resourceGroups[0].accounts[0]: accountName: 'aoai own' is not"),
        ("a: [", "  - it cannot be read: "),
    ],
)
def test_a_bad_estate_is_refused_with_its_problems_and_none_of_it_is_made(text: str, told: str, tmp_path: Path):
    file = tmp_path / "estate.yaml"
    file.write_text(text)
    with local_arm() as arm:
        before = arm.store.text()
        with pytest.raises(CommandError) as refused:
            added(arm, file)

        assert str(refused.value).startswith(f"The estate in {file} cannot be used:\n{told}")
        assert arm.store.text() == before


def test_an_empty_estate_adds_nothing(tmp_path: Path):
    file = tmp_path / "estate.yaml"
    file.write_text("# nothing yet\n")
    with local_arm() as arm:
        before = arm.store.text()
        added(arm, file)
        assert arm.store.text() == before
