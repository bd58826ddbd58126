"""The gateway and the accounts of a deployment in one process, on virtual time: what would happen if."""

from .deployed import Deployed, NotDeployable, exported, store_of
from .outcome import Outcome
from .world import Simulation

__all__ = ["Deployed", "NotDeployable", "Outcome", "Simulation", "exported", "store_of"]
