"""The pictures and the table of docs/choosing.md, from runs of the twin: `python -m docs.pictures` writes them."""
