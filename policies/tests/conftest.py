"""Makes the pack importable as Pulumi runs it, with its folder on the path: a copied folder can test itself."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(folder) for folder in (HERE.parent, HERE) if str(folder) not in sys.path]
