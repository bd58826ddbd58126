"""The data plane: what the local Azure holds, running."""
