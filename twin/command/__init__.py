"""The command `python -m twin`: what a person types, and what they read."""
