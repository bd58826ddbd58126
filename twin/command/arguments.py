"""The arguments of `pulumi`, as far as the twin has to understand them. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Options that are followed by a value, so that the value is not taken for a command.
WITH_VALUE = frozenset(
    {
        *("-C", "--cwd", "--color", "--memprofilerate", "--otel-traces", "--profiling", "--tracing", "-v", "--verbose"),
        *("-s", "--stack", "--config-file"),
    }
)


@dataclass(frozen=True)
class Arguments:
    """What is asked of the CLI. `words` are the arguments without `--cwd` and `--config-file`, which are the twin's."""

    words: tuple[str, ...]
    commands: tuple[str, ...]
    folder: str | None
    stack: str | None
    config_file: str | None

    @property
    def command(self) -> str:
        return self.commands[0] if self.commands else ""

    @property
    def subcommand(self) -> str:
        return self.commands[1] if len(self.commands) > 1 else ""

    def has(self, *options: str) -> bool:
        """Whether one of these options without a value is given."""
        return any(word in options for word in _before_dashes(self.words))

    @property
    def asks_for_help(self) -> bool:
        return self.command in ("", "help") or self.has("-h", "--help")

    def with_option(self, *option: str) -> list[str]:
        """The words with an option right behind the command, where every command line may have one."""
        at = self.words.index(self.command) + 1
        return [*self.words[:at], *option, *self.words[at:]]


def parse(words: Sequence[str]) -> Arguments:
    """Find the commands, the stack, the folder and the configuration file among arguments that are the CLI's business.

    Options may be written as `--stack dev`, `--stack=dev`, `-s dev`, `-s=dev` and `-sdev`; the last one counts.
    """
    found: dict[str, str | None] = {"--cwd": None, "--stack": None, "--config-file": None}
    shorts = {"-C": "--cwd", "-s": "--stack"}
    kept: list[str] = []
    commands: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if word == "--":
            kept += [word, *waiting]
            break
        name, value = _option(word, shorts)
        if name is None:
            commands.append(word)
            kept.append(word)
            continue
        taken = [word]
        if value is None and word in WITH_VALUE:
            value = next(waiting, "")
            taken.append(value)
        if name in found:
            found[name] = value
        if name not in ("--cwd", "--config-file"):
            kept += taken
    return Arguments(tuple(kept), tuple(commands), found["--cwd"], found["--stack"], found["--config-file"])


def _option(word: str, shorts: dict[str, str]) -> tuple[str | None, str | None]:
    """The long name of an option and the value that is written into the same word; no name for what is no option."""
    if not word.startswith("-") or word == "-":
        return None, None
    if word.startswith("--"):
        name, separator, value = word.partition("=")
        return name, value if separator else None
    short, rest = word[:2], word[2:].removeprefix("=")
    return shorts.get(short, short), rest or None


def _before_dashes(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        if word == "--":
            return
        yield word
