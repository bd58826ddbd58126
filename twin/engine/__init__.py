"""The real Pulumi engine, pointed at the twin: where the CLI comes from, what it is told, and what it reports."""
