"""How a delivery can go wrong: whether trying again is any use."""


class Failed(Exception):
    """Not this time; `code` for machines, `answer` what the other side said, cut short and without addresses."""

    def __init__(self, code: str, answer: str = "") -> None:
        super().__init__(f"{code} {answer}".strip())


class Refused(Failed):
    """The other side will never take it."""
