"""down: destroy the stack, purge what Azure would keep for 48 hours, stop the twin."""

from ..azure.identity import SUBSCRIPTION
from ..engine.environment import Folders
from ..engine.errors import CommandError
from ..engine.projects import scratch_folder, stack_exists
from ..engine.runs import run_quietly
from . import running
from .calls import call
from .changes import about
from .deployment import change_rows, deploy
from .running import Running
from .screen import Screen
from .session import Options, Session, project_here, session, state_folder

# A deleted API Management service keeps its name for 48 hours:
# https://learn.microsoft.com/azure/api-management/soft-delete
DELETED_SERVICES = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ApiManagement/deletedservices"


def down(screen: Screen, options: Options) -> None:
    """Take down what `up` made, of the project in the current folder, and stop the twin."""
    folders = Folders(state_folder())
    project = project_here()
    if stack_exists(folders, project.name, options.stack):
        with session(screen, options) as ready:
            _destroy(screen, ready)
            twin = ready.twin
    else:
        screen.say(f"{project.name}, stack {options.stack}: there is none on the twin.")
        twin = running.find(folders.state)
    if twin is None:
        screen.say("The twin does not run.")
        return
    for name in purge(twin):
        screen.say(f"Purged the deleted service {name}.")
    running.stop(twin)
    screen.say("The twin is stopped.")


def _destroy(screen: Screen, ready: Session) -> None:
    report = deploy(screen, ready, ["destroy", "--yes"], f"Taking down {about(ready)}")
    screen.say(f"{about(ready)}: {len(report.changes)} resources deleted")
    screen.rows(change_rows(report.changes))
    # In a scratch folder: in the project's own this would delete Pulumi.<stack>.yaml.
    command = [str(ready.cli.path), "stack", "rm", "--yes", "--stack", ready.stack]
    removed = run_quietly(command, ready.environment, scratch_folder(ready.project, ready.folders))
    if removed.returncode != 0:
        raise CommandError(f"Pulumi could not remove the stack {ready.stack}:", removed.stderr.strip())
    ready.configuration.file.unlink(missing_ok=True)


def purge(twin: Running) -> list[str]:
    """Purge every service that is deleted but still holds its name. Returns the names."""
    deleted = call(twin, "GET", DELETED_SERVICES)["value"]
    for service in deleted:
        call(twin, "DELETE", service["id"])
    return [service["name"] for service in deleted]
