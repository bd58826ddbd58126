"""The one exception that the twin's command shows to a person instead of a traceback."""


class CommandError(Exception):
    """What was found, and what to do about it, one line each.

    Raised wherever the person at the keyboard can help; the command prints it and ends with exit status 1.
    """

    def __init__(self, found: str, *advice: str) -> None:
        super().__init__("\n".join((found, *advice)))
        self.found = found
        self.advice = advice
