"""`check`: policy files as a person, an editor or a script asks about them. The policies are this project's own."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.support.arm import LocalArm, local_arm
from tests.support.service import policy, service_body
from twin.command import running
from twin.command.app import app
from twin.command.check import formats_of, judge
from twin.command.known_service import KnownService, service_on
from twin.command.policy_files import PolicyFile, policy_files
from twin.command.running import Running
from twin.engine.errors import CommandError
from twin.policy.structure import Scope

WELL = "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>\n"
BROKEN = """<policies>
  <inbound>
    <base />
    <set-status />
  </inbound>
  <backend>
    <retry condition='@(context.Response == null || context.Response.StatusCode &lt; "500")' count="2" interval="5">
      <forward-request />
    </retry>
  </backend>
</policies>
"""
RAW = '<policies><inbound><set-variable name="x" value="@(1 < 2 && "a" != "b")" /></inbound></policies>'
NAMING = (
    '<policies><inbound><base /><set-backend-service backend-id="Pool" /><include-fragment fragment-id="shared" />'
    '<set-header name="x"><value>{{team}}</value></set-header></inbound></policies>'
)
GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-openai"
SERVICE = f"{GROUP}/providers/Microsoft.ApiManagement/service/apim-contoso"


def run(*words: object, piped: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["check", *map(str, words)], input=piped)


def written(folder: Path, **texts: str) -> list[Path]:
    """Files by their names without `.xml`."""
    files = []
    for name, text in texts.items():
        path = folder / f"{name}.xml"
        path.write_text(text)
        files.append(path)
    return files


# -- what is told


def test_each_finding_is_a_line_that_editors_understand_and_columns_line_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, broken=BROKEN, well=WELL)

    told = run("broken.xml", "well.xml")

    assert told.exit_code == 1
    assert told.stdout.splitlines() == [
        "broken.xml:4:6:   error:    <set-status> The required attribute 'code' is missing.",
        "broken.xml:7:53:  error:    <retry> Operator '<' cannot be applied to operands of type 'int' and 'string'",
        "broken.xml:8:8:   warning:  <forward-request> A retry sends this request without its body, because the body "
        'is not kept. Set buffer-request-body="true".',
        "",
        "  broken.xml  xml  api  2 errors, 1 warning",
        "  well.xml    xml  api  no problems",
        "2 files: 2 errors, 1 warning",
    ]


def test_a_policy_that_is_well_ends_with_success(tmp_path: Path):
    [path] = written(tmp_path, well=WELL)
    told = run(path)
    assert (told.exit_code, told.stdout) == (0, f"  {path}  xml  api  no problems\n1 file: no problems\n")


def test_warnings_alone_end_with_success(tmp_path: Path):
    text = "<policies><backend><retry condition='@(true)' count='1' interval='1'><forward-request /></retry></backend>"
    [path] = written(tmp_path, warned=text + "</policies>")
    told = run(path)
    assert told.exit_code == 0
    assert told.stdout.endswith("\n1 file: 1 warning\n")


def test_what_only_the_twin_does_not_run_is_a_note(tmp_path: Path):
    [path] = written(tmp_path, noted="<policies><outbound><jsonp callback-parameter-name='cb' /></outbound></policies>")
    told = run(path)
    assert told.exit_code == 0
    assert told.stdout == (
        f"{path}:1:22:  note:  <jsonp> 'jsonp' is not supported by the twin yet.\n\n"
        f"  {path}  xml  api  1 note\n1 file: 1 note\n"
    )
    assert json.loads(run("--json", path).stdout)["notes"] == 1


def test_a_text_that_is_no_xml_is_placed_once(tmp_path: Path):
    [path] = written(tmp_path, torn="<policies>\n  <inbound>\n</policies>")
    told = run(path)
    assert told.stdout.splitlines()[0] == (
        f"{path}:3:3:  error:  The 'inbound' start tag on line 2 position 4 does not match the end tag of 'policies'."
    )


def test_scripts_get_one_object(tmp_path: Path):
    [path] = written(tmp_path, broken=BROKEN)

    told = run("--json", path)

    assert told.exit_code == 1
    said = json.loads(told.stdout)
    assert (said["errors"], said["warnings"]) == (2, 1)
    [file] = said["files"]
    assert (file["file"], file["format"], file["scope"]) == (str(path), "xml", "api")
    assert file["findings"][0] == {
        "severity": "error",
        "line": 4,
        "column": 6,
        "message": "The required attribute 'code' is missing.",
        "element": "set-status",
    }


def test_a_text_that_is_not_utf_8_is_said_to_be_none(tmp_path: Path):
    path = tmp_path / "latin.xml"
    path.write_bytes("<policies><!-- é --></policies>".encode("latin-1"))
    assert run(path).stdout.startswith(f"{path}:1:1:  error:  This is no text in UTF-8.\n")


# -- which files


def test_what_is_piped_in_is_checked():
    told = run("-", piped=BROKEN)
    assert told.exit_code == 1
    assert told.stdout.startswith("<stdin>:4:6: ")


def test_a_byte_order_mark_is_no_part_of_the_text():
    told = run("-", piped=b"\xef\xbb\xbf<fragment><set-status code='400' /></fragment>")
    assert told.stdout == "  <stdin>  xml  fragment  no problems\n1 file: no problems\n"


def test_in_folders_every_policy_and_fragment_is_meant_and_no_other_xml(tmp_path: Path):
    deep = tmp_path / "a" / "b"
    hidden = tmp_path / ".hidden"
    for folder in (deep, hidden):
        folder.mkdir(parents=True)
    written(tmp_path, policy=WELL, build="<project />")
    written(deep, fragment="<fragment />")
    written(hidden, policy=WELL)
    (tmp_path / "notes.txt").write_text(WELL)

    found = [Path(file.name).relative_to(tmp_path) for file in policy_files([str(tmp_path)])]

    assert found == [Path("a/b/fragment.xml"), Path("policy.xml")]


def test_patterns_that_the_shell_has_left_are_followed_and_each_file_is_meant_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, one=WELL, two=WELL)
    assert [file.name for file in policy_files(["two.xml", "*.xml", str(tmp_path / "o*.xml")])] == [
        "two.xml",
        "one.xml",
        str(tmp_path / "one.xml"),
    ]


def test_every_name_that_leads_to_nothing_is_told_at_once(tmp_path: Path):
    told = run(tmp_path, "nowhere.xml", "no-*.xml")
    assert told.exit_code == 1
    assert told.stderr == f"error: There are no policies to check here:\n  {tmp_path}\n  nowhere.xml\n  no-*.xml\n"


# -- what a file is taken for


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WELL, "xml"),
        (RAW, "rawxml"),
        (RAW.replace("</inbound>", "</outbound>"), "rawxml"),  # broken, but only after the code
        ("<policies><inbound></policies>", "xml"),
    ],
)
def test_the_format_is_the_one_in_which_the_text_can_be_read_furthest(text: str, expected: str):
    assert formats_of(text)[0] == expected


def test_a_comment_in_an_attributes_code_makes_rawxml_of_what_is_xml_too():
    code = '<set-variable name="a" value="@{\n  var x = 1; // one\n  return x;\n}" />'
    text = f"<policies><inbound>{code}</inbound></policies>"
    assert formats_of(text) == ("xml", "rawxml")
    verdict = judge(PolicyFile("p.xml", text))
    assert (verdict.format, verdict.findings) == ("rawxml", ())
    as_xml = judge(PolicyFile("p.xml", text), format="xml")
    assert [finding.message for finding in as_xml.findings] == ["not all code paths return a value"]


def test_a_format_that_is_asked_for_is_not_guessed():
    assert run("--format", "xml", "-", piped=RAW).exit_code == 1
    assert run("--format", "rawxml", "-", piped=RAW).exit_code == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WELL, "api"),
        ("<!-- shared --><fragment><set-status code='400' /></fragment>", "fragment"),
        ("<policies><inbound><quota calls='5' renewal-period='60' /></inbound></policies>", "product"),
        ("<policies><inbound><cross-domain /></inbound></policies>", "global"),
        ("<policies><inbound><cross-domain /><oops /></inbound></policies>", "global"),
    ],
)
def test_the_scope_is_the_one_that_the_policy_fits(text: str, expected: Scope):
    assert judge(PolicyFile("x", text)).scope == expected


def test_a_scope_that_is_asked_for_is_not_guessed():
    quota = "<policies><inbound><quota calls='5' renewal-period='60' /></inbound></policies>"
    told = run("--scope", "api", "-", piped=quota)
    assert told.exit_code == 1
    assert "'quota' may stand in: product." in told.stdout


# -- what the policy names


def test_names_are_not_looked_up_unless_a_service_is_named():
    told = run("-", piped=NAMING)
    assert told.exit_code == 0
    assert told.stdout.splitlines()[-1] == (
        "Whether backends, fragments and named values exist was not looked at; --service NAME does."
    )


def test_names_that_a_service_does_not_have_are_errors():
    verdict = judge(PolicyFile("x", NAMING), KnownService({"pool": {}}, frozenset(), frozenset({"Team"})))
    assert [finding.message for finding in verdict.findings] == [
        "Policy fragment with id 'shared' could not be found.",
        "Cannot find a property 'team'",
    ]


def test_without_a_running_twin_no_service_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("APIM_TWIN_HOME", str(tmp_path))
    told = run("--service", "apim-contoso", "-", piped=WELL)
    assert told.exit_code == 1
    assert told.stderr.splitlines()[0] == (
        "error: The twin does not run, so nothing is known of the service 'apim-contoso'."
    )


def twin_of(arm: LocalArm) -> Running:
    return Running(0, arm.url, "", arm.subscription_id, "", {})


def put(arm: LocalArm, path: str, **properties: object) -> None:
    status, answer = arm.call("PUT", f"{SERVICE}{path}?api-version=2024-05-01", {"properties": properties})
    assert status in (200, 201, 202), answer


@pytest.fixture(scope="module")
def arm():
    """A service with a pool of two, of which the first has no circuit breaker, a fragment and a named value."""
    with local_arm() as made:
        status, answer = made.call("PUT", f"{SERVICE}?api-version=2024-05-01", service_body())
        assert status == 201, answer
        condition = {"count": 1, "interval": "PT10S", "statusCodeRanges": [{"min": 429, "max": 429}]}
        rule = {"name": "r", "failureCondition": condition, "tripDuration": "PT10S"}
        put(made, "/backends/ptu", url="https://ptu.example", protocol="http")
        put(made, "/backends/payg", url="https://payg.example", protocol="http", circuitBreaker={"rules": [rule]})
        members = [
            {"id": f"{SERVICE}/backends/{name}", "priority": priority, "weight": 1}
            for name, priority in (("ptu", 1), ("payg", 2))
        ]
        put(made, "/backends/pool", type="Pool", pool={"services": members})
        put(made, "/policyFragments/shared", value="<fragment><set-status code='400' /></fragment>")
        put(made, "/namedValues/team", displayName="team", value="blue")
        yield made


def test_the_names_of_a_service_on_the_twin_are_known(arm: LocalArm):
    known = service_on(twin_of(arm), "APIM-Contoso")

    assert [known.exists("backend", name) for name in ("pool", "PTU", "gone")] == [True, True, False]
    assert [known.exists("fragment", name) for name in ("shared", "gone")] == [True, False]
    assert [known.exists("named value", name) for name in ("team", "Team")] == [True, False]
    assert [(one.name, one.priority, one.watched) for one in known.members_of("pool")] == [
        ("ptu", 1, None),
        ("payg", 2, ((429, 429),)),
    ]
    assert [one.name for one in known.members_of("payg")] == ["payg"]
    assert known.members_of("gone") == []


def test_a_pool_that_never_fails_over_is_told_where_the_policy_names_it(arm: LocalArm, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running, "find", lambda _state: twin_of(arm))
    told = run("--service", "apim-contoso", "-", piped=NAMING)
    assert told.exit_code == 0
    assert told.stdout.splitlines()[0] == (
        "<stdin>:1:29:  warning:  <set-backend-service> Nothing below priority 1 of the pool 'Pool' is ever used: its "
        "member 'ptu' has no circuit breaker, so it never counts as unavailable. Give it one."
    )
    assert told.stdout.splitlines()[-1] == "1 file: 1 warning"


def test_a_service_that_is_not_there_is_told_with_those_that_are(arm: LocalArm):
    with pytest.raises(CommandError, match=r"(?s)no API Management service 'apim'.*There are: apim-contoso"):
        service_on(twin_of(arm), "apim")


def test_what_check_finds_is_what_the_twins_azure_refuses(arm: LocalArm):
    sent = policy("<set-status /><oops />")
    verdict = judge(PolicyFile("x", sent["properties"]["value"]), scope="global")
    status, answer = arm.call("PUT", f"{SERVICE}/policies/policy?api-version=2024-05-01", sent)
    assert status == 400
    refused = [detail["message"].partition(": ")[2] for detail in answer["error"]["details"]]
    assert refused == [finding.message for finding in verdict.findings]
