"""The gateway and the accounts of a deployment in one process, on virtual time: what would happen if."""

from .deployed import Deployed, NotDeployable, exported, store_of
from .load import Arrival, Sizes, poisson, steady
from .outcome import Outcome, goodput
from .scenario import Circumstances, Scenario, Trouble, scenarios, told, told_at_best
from .world import Happening, Simulation, breaking

__all__ = [
    "Arrival",
    "Circumstances",
    "Deployed",
    "Happening",
    "NotDeployable",
    "Outcome",
    "Scenario",
    "Simulation",
    "Sizes",
    "Trouble",
    "breaking",
    "exported",
    "goodput",
    "poisson",
    "scenarios",
    "steady",
    "store_of",
    "told",
    "told_at_best",
]
