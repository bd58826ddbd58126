"""What `status` tells beside addresses: accounts, assumptions, stacks."""

import json
from pathlib import Path

from twin.command.stacks import services_of, stacks
from twin.command.status import account_line, assumed, warning_line
from twin.engine.environment import Folders

SERVICE = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ApiManagement/service/Apim-A"


def test_an_account_is_well_or_broken_in_words():
    assert account_line({"name": "ptu", "faults": []}) == "ptu, well"
    faults = [{"status": 503, "for": 41.7}, {"latency": 2}]
    assert account_line({"name": "ptu", "faults": faults}) == (
        "ptu, every request gets 503, for 42 s more; every request is answered 2 s later"
    )


def test_a_warning_tells_which_policy_which_line_and_what_will_not_work():
    place = {"service": "apim-a", "policy": "apis/openai/policies/policy", "line": 4, "column": 6}
    assert warning_line({**place, "element": "retry", "message": "It waits."}) == (
        "apis/openai/policies/policy of apim-a, line 4: <retry> It waits."
    )


def test_only_answers_that_are_not_the_usual_ones_are_told():
    assert assumed({}) == []
    assert assumed({"S2": "no", "S14": "on-error"}) == [
        "S14 on-error, not status-500: what does a retry see after an attempt that brought no response?"
    ]


def test_a_stacks_services_are_those_that_it_has_something_in(tmp_path: Path):
    folders = Folders(tmp_path)
    folder = folders.backend / ".pulumi" / "stacks" / "gateway"
    folder.mkdir(parents=True)
    ids = [f"{SERVICE}/apis/openai", f"{SERVICE}/backends/ptu", "/subscriptions/s/resourceGroups/rg"]
    resources = [{"type": "azure-native:apimanagement:Api", "id": id} for id in ids]
    resources += [{"type": "pulumi:pulumi:Stack"}, {"type": "pulumi:providers:azure-native", "id": "1"}]
    (folder / "dev.json").write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))
    (folder / "new.json").write_text(json.dumps({"checkpoint": {}}))

    assert services_of(folders, "gateway", "dev") == {"apim-a"}
    assert services_of(folders, "gateway", "new") == set()
    assert stacks(folders) == ["dev of gateway, 3 resources", "new of gateway, 0 resources"]
