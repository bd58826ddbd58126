"""The pack's own modules are found as Pulumi finds them, in the pack's folder; so are its tests' resources."""

import sys
from pathlib import Path

PACK = Path(__file__).resolve().parents[2] / "policies"
sys.path += [str(folder) for folder in (PACK, PACK / "tests") if str(folder) not in sys.path]
