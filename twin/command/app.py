"""The commands and their options, as a person types them."""

import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from ..engine.errors import CommandError
from ..policy.document import Format
from ..policy.structure import Scope
from . import changes, passthrough, teardown, trouble
from . import check as check_command
from . import demo as demo_command
from . import review as review_command
from . import status as status_command
from . import watch as watch_command
from .assume import answers, list_assumptions
from .deployment import FailedError
from .review import Asked
from .reviewed import WORKING_TREE
from .running import COMMAND, Wanted, announce
from .screen import Screen
from .session import DEFAULT_STACK, Options, state_folder

DEFAULT_ARM_PORT, DEFAULT_GATEWAY_PORT, DEFAULT_ACCOUNTS_PORT = 8470, 8480, 8490
Form = Literal["text", "markdown", "json"]
INTERRUPTED = 130  # what shells report for a program that Ctrl-C ended

app = typer.Typer(
    name=COMMAND.rpartition(" ")[2],
    help=f"A local twin of Azure, on which the Pulumi project in the current folder is deployed with the real CLI.\n\n"
    f"`{COMMAND} up` is all it takes; nothing real is touched.",
    epilog=f"State is kept in {state_folder()} (APIM_TWIN_HOME).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Stack = Annotated[str, typer.Option("--stack", "-s", help="The stack: Pulumi.<stack>.yaml is its configuration.")]


def _port(of: str, usual: int) -> Any:
    return typer.Option(min=0, max=65535, show_default=str(usual), help=f"Port of {of}; 0: any.")


ArmPort = Annotated[int | None, _port("the Azure Resource Manager", DEFAULT_ARM_PORT)]
GatewayPort = Annotated[int | None, _port("the gateway", DEFAULT_GATEWAY_PORT)]
AccountsPort = Annotated[int | None, _port("the simulated accounts", DEFAULT_ACCOUNTS_PORT)]
Units = Annotated[
    int | None, typer.Option(min=1, max=12, show_default="1", help="Gateway units, which share no circuit breaker.")
]
Assume = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID=ANSWER", help=f"How Azure behaves where nobody documents it; `{COMMAND} assumptions` lists all."
    ),
]
Estate = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Accounts, services and whatever else has to exist before the program runs, in YAML; see docs/twin.md.",
    ),
]
OfService = Annotated[str | None, typer.Option("--service", metavar="NAME", help="Which, where there are several.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object, for scripts.")]


@app.command()
def up(
    stack: Stack = DEFAULT_STACK,
    arm_port: ArmPort = None,
    gateway_port: GatewayPort = None,
    accounts_port: AccountsPort = None,
    estate: Estate = None,
    units: Units = None,
    assume: Assume = None,
    show: Annotated[
        bool, typer.Option("--demo/--no-demo", help="Show at the end how what was made fails over.")
    ] = True,
) -> None:
    """Start the twin if need be, deploy the project onto it, and tell what was made and how it is called."""

    def deploy(screen: Screen) -> None:
        wanted = Wanted(arm_port, gateway_port, accounts_port, units, answers(assume or []))
        changes.up(screen, Options(stack, wanted, estate), show=show)

    _run(deploy)


@app.command()
def preview(
    stack: Stack = DEFAULT_STACK,
    arm_port: ArmPort = None,
    gateway_port: GatewayPort = None,
    accounts_port: AccountsPort = None,
    estate: Estate = None,
) -> None:
    """Show what `up` would change, without changing it."""
    wanted = Wanted(arm_port, gateway_port, accounts_port)
    _run(lambda screen: changes.preview(screen, Options(stack, wanted, estate)))


@app.command()
def demo(service: OfService = None) -> None:
    """Send traffic through the gateway for ten seconds, break the accounts that are used first, and let them heal."""
    _run(lambda screen: demo_command.demo(screen, service))


@app.command()
def watch(
    service: OfService = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a second, for scripts.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Only once, after a second.")] = False,
) -> None:
    """Show live who serves the gateway's calls, which breakers are open and what callers get. `q` ends it."""
    _run(lambda screen: watch_command.watch(screen, service, json_wanted=as_json, once=once))


@app.command()
def down(stack: Stack = DEFAULT_STACK) -> None:
    """Destroy the stack, purge deleted services (Azure keeps their names for 48 hours), and stop the twin."""
    _run(lambda screen: teardown.down(screen, Options(stack)))


@app.command()
def assumptions(as_json: AsJson = False) -> None:
    """List what is assumed of Azure where nobody documents it, with the evidence there is."""
    _run(lambda screen: list_assumptions(screen, state_folder(), as_json=as_json))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Tell whether the twin runs, where, and what is on it. Exit status 1 when it does not run."""

    def tell(screen: Screen) -> None:
        if not status_command.status(screen, as_json=as_json):
            raise typer.Exit(1)

    _run(tell)


@app.command()
def check(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Policies or fragments: files, patterns, folders; `-` is what is piped."
        ),
    ],
    format: Annotated[
        Format | None, typer.Option(show_default="xml if the file is that, else rawxml", help="How they are written.")
    ] = None,
    scope: Annotated[
        Scope | None, typer.Option(show_default="the one that fits best", help="Where they are meant for.")
    ] = None,
    service: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A service on the running twin, for the names that they refer to."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what Azure would refuse about policy files, and what would not work. Exit status 1 when it would refuse."""

    def tell(screen: Screen) -> None:
        if not check_command.check(screen, files, format=format, scope=scope, service=service, as_json=as_json):
            raise typer.Exit(1)

    _run(tell)


@app.command("break")
def break_(
    account: trouble.AccountName,
    status: trouble.Status = None,
    retry_after: trouble.RetryAfter = None,
    latency: trouble.Latency = None,
    refuse: trouble.Refuse = False,
    dns: trouble.Dns = False,
    tls: trouble.Tls = False,
    reset: trouble.Reset = False,
    hang: trouble.Hang = False,
    slow: trouble.Slow = None,
    cut: trouble.Cut = None,
    throttle: trouble.Throttle = None,
    says_wait: trouble.SaysWait = None,
    refuse_identity: trouble.RefuseIdentity = False,
    deployment: trouble.OfDeployment = None,
    for_: trouble.For = None,
    count: trouble.Count = None,
    share: trouble.Share = None,
    as_json: AsJson = False,
) -> None:
    """Break a simulated account in one way, for everybody or for some, for good or for a while. `heal` ends it."""
    fault = {"status": status, "retryAfter": retry_after, "latency": latency, "tokensPerSecond": slow}
    fault |= {"cutAfter": cut, "tokensPerMinute": throttle, "saysWait": says_wait}
    fault |= {"identity": "refused" if refuse_identity else None}
    fault |= {"deployment": deployment, "for": for_, "count": count, "share": share}

    def run(screen: Screen) -> None:
        lost = trouble.connection(refuse=refuse, dns=dns, tls=tls, reset=reset, hang=hang)
        trouble.break_account(screen, account, {**fault, "connection": lost}, datetime.now(), as_json=as_json)

    _run(run)


@app.command()
def heal(account: trouble.AnyAccount = None, as_json: AsJson = False) -> None:
    """End all that `break` began, of one account or of all."""
    _run(lambda screen: trouble.heal(screen, account, as_json=as_json))


@app.command(
    context_settings={
        "allow_extra_args": True,
        "allow_interspersed_args": False,  # else `--` would not reach the CLI
        "help_option_names": [],
        "ignore_unknown_options": True,
    },
    add_help_option=False,
    options_metavar="ARGS...",
)
def pulumi(context: typer.Context) -> None:
    """Run the real Pulumi CLI on the twin, with these arguments, on the project in the current folder."""

    def run(screen: Screen) -> None:
        raise typer.Exit(passthrough.pulumi(screen, context.args))

    _run(run)


@app.command()
def review(
    base: Annotated[
        str, typer.Argument(show_default="where the branch left the default one", help="A revision, folder or export.")
    ] = "",
    head: Annotated[
        str, typer.Argument(show_default="the working tree", help="Another one, to compare with.")
    ] = WORKING_TREE,
    stack: Stack = DEFAULT_STACK,
    form: Annotated[Form, typer.Option("--format", help="How it is told.")] = "text",
    worse_than: Annotated[
        float, typer.Option(min=0, metavar="CALLS", help="How many more of 100 calls may fail than before.")
    ] = 2.0,
    seeds: Annotated[int, typer.Option(min=1, help="How often each story is played.")] = 2,
    story: Annotated[
        list[str] | None, typer.Option(metavar="NAME", show_default="all", help="A story to play, such as S5.")
    ] = None,
    estate: Estate = None,
) -> None:
    """Tell what a change does: to members, breakers and policies, to whoever calls, and to failover.

    Exit status 2 when failover gets worse by more than allowed.
    """
    asked = Asked(base, head, stack, form, worse_than, seeds, tuple(story or ()), estate)

    def compare(screen: Screen) -> None:
        if not review_command.review(screen, asked):
            raise typer.Exit(2)

    _run(compare)


@app.command(hidden=True)
def serve(
    arm_port: ArmPort = DEFAULT_ARM_PORT,
    gateway_port: GatewayPort = DEFAULT_GATEWAY_PORT,
    accounts_port: AccountsPort = DEFAULT_ACCOUNTS_PORT,
    units: Units = 1,
    assume: Assume = None,
) -> None:
    """Be the twin: serve until told to end. `up` starts this in the background."""
    from ..server import Setup
    from ..server import serve as run

    def start(_screen: Screen) -> None:
        ports = arm_port or 0, gateway_port or 0, accounts_port or 0
        raise typer.Exit(run(state_folder(), Setup(*ports, units or 1, answers(assume or [])), announce))

    _run(start)


def _run(command: Callable[[Screen], None]) -> None:
    """Run a command with everything that may go wrong told in a sentence, not in a traceback."""
    screen = Screen()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever asks for an end gets it in good order
    try:
        command(screen)
    except CommandError as error:
        screen.refuse(error)
        raise typer.Exit(1) from error
    except FailedError as error:
        raise typer.Exit(1) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(INTERRUPTED) from error
