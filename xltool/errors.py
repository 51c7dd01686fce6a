"""Three channels for three people: ours stops, a file is refused, a unit's mistake is a Finding (a value)."""

from __future__ import annotations


class DefinitionError(Exception):
    """A mistake in a form definition: whoever maintains the edition must mend it before anything runs.

    ``str(error)`` is ``file:line: what is wrong``, followed by the source line and a caret where a rule's
    text is concerned.
    """

    def __init__(self, where: str, line: int, fact: str, excerpt: str = "", column: int | None = None) -> None:
        self.where = where
        self.line = line
        self.fact = fact
        self.excerpt = excerpt
        self.column = column
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}:{self.line}: {self.fact}"
        if self.column is None:
            return head
        caret = " " * display_width(self.excerpt[: self.column]) + "^"
        return f"{head}\n    {self.excerpt}\n    {caret}"


class FileRefused(Exception):
    """This one file cannot be used; the sentence says what it is, what is expected and what to do.

    The caller names the file, reports the sentence and goes on with the other files.
    """

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class TooLarge(FileRefused):
    """Refused for its size alone: there may be nothing wrong with it but that."""


class NotWritten(Exception):
    """A file could not be written, or stands already; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class CampaignTrouble(Exception):
    """A command on a campaign cannot be carried out; the sentence says why and what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def display_width(text: str) -> int:
    """Columns that ``text`` takes on a terminal: East Asian characters take two."""
    return sum(2 if ord(char) >= 0x1100 and not 0xFF61 <= ord(char) <= 0xFFDC else 1 for char in text)
