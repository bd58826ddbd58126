"""The arguments of `pulumi`, understood as far as the twin has to, and otherwise left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.command.arguments import parse


@pytest.mark.parametrize(
    "written", [["--stack", "blue"], ["--stack=blue"], ["-s", "blue"], ["-s=blue"], ["-sblue"]], ids=" ".join
)
def test_the_stack_is_found_however_it_is_written(written: list[str]):
    for words in (["up", *written], [*written, "up"]):
        arguments = parse(words)

        assert (arguments.stack, arguments.command) == ("blue", "up")
        assert list(arguments.words) == words


def test_the_last_stack_counts():
    assert parse(["up", "-s", "blue", "--stack=green"]).stack == "green"


def test_commands_are_found_behind_options_with_values():
    arguments = parse(["--color", "always", "-v", "9", "config", "--json", "set", "name", "value"])

    assert (arguments.command, arguments.subcommand) == ("config", "set")


def test_the_folder_and_the_configuration_file_are_the_twins_to_pass_on():
    arguments = parse(["-C", "infra", "up", "--config-file=team.yaml", "--yes"])

    assert (arguments.folder, arguments.config_file) == ("infra", "team.yaml")
    assert arguments.words == ("up", "--yes")


def test_nothing_after_two_dashes_is_an_option():
    arguments = parse(["config", "set", "name", "--", "--stack=blue", "--secret"])

    assert arguments.stack is None
    assert not arguments.has("--secret")
    assert arguments.words[-3:] == ("--", "--stack=blue", "--secret")


def test_an_option_is_added_where_every_command_line_may_have_one():
    arguments = parse(["--color", "always", "config", "set", "name", "--", "-5"])

    assert arguments.with_option("--config-file", "copy.yaml") == [
        *("--color", "always", "config", "--config-file", "copy.yaml", "set", "name", "--", "-5")
    ]


@pytest.mark.parametrize("words", [[], ["--help"], ["up", "-h"], ["up", "--help"], ["help", "up"], ["--version"]])
def test_a_call_for_help_is_one(words: list[str]):
    assert parse(words).asks_for_help


@settings(deadline=None)
@given(st.lists(st.sampled_from(["up", "-s", "dev", "--yes", "--", "-v=9", "--stack=x", "--target", "urn:x", "-"])))
def test_every_argument_but_the_twins_own_goes_through_in_its_order(words: list[str]):
    assert list(parse(words).words) == words or words[-1:] in (["-s"], ["-v"])
