"""The elements that the twin runs: one file each, named like its tag. The folder is the registry, without an order."""

from importlib import import_module
from pkgutil import iter_modules

for _found in iter_modules(__path__):
    import_module(f".{_found.name}", __name__)
