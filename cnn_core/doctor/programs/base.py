"""A broken program: its text with one blank, what stands in it, and what may be put there instead.

A visitor chooses among what is written here, or a whole number between two limits; nothing that somebody typed is
ever part of a program.
"""

from dataclasses import dataclass

from cnn_core.arrays import not_allowed

BLANK = "{blank}"


@dataclass(frozen=True)
class Lines:
    """A blank for one of some pieces of code, as they stand in the program."""

    options: tuple[str, ...]

    def check(self, filling: str) -> None:
        """Raises `ValueError` for code that is none of the options."""
        if filling not in self.options:
            raise ValueError(not_allowed("the blank", repr(filling), f"one of {', '.join(self.options)}"))


@dataclass(frozen=True)
class Whole:
    """A blank for a whole number from `low` to `high`; `label` names the argument that it is."""

    label: str
    low: int
    high: int

    def check(self, filling: str) -> None:
        """Raises `ValueError` for what is no such number."""
        whole = filling.isascii() and filling.isdecimal() and len(filling) < 9
        if not whole or not self.low <= int(filling) <= self.high:
            raise ValueError(not_allowed(self.label, repr(filling), f"{self.low} to {self.high}"))


@dataclass(frozen=True)
class Program:
    """A short PyTorch program that does not do what it should.

    Args:
        name: what links call it.
        title: what the list calls it.
        aim: what it should do, in a sentence.
        text: its source, with `BLANK` where the fault is. It leaves `model` and `images`, the network and what was
            given to it last; a silent one also `accuracy`, in 0..1.
        blank: what may stand there.
        broken: what stands there at first.
        right: what repairs it. Others may run too.
        beside: the numbers of three other lines, to guess among: a change to none of them alone repairs it.
        cause: why it breaks, and how to see it.
        error: of a loud program, what its error says; "" of one that runs and is wrong.
        shows: whether its fault is in what the network gets to see, so that this is shown.
    """

    name: str
    title: str
    aim: str
    text: str
    blank: Lines | Whole
    broken: str
    right: str
    beside: tuple[int, int, int]
    cause: str
    error: str = ""
    shows: bool = False

    @property
    def loud(self) -> bool:
        """Whether it ends in an error."""
        return bool(self.error)

    @property
    def line(self) -> int:
        """The number of the line with the blank, from 1."""
        return next(number for number, line in enumerate(self.text.splitlines(), 1) if BLANK in line)

    def filled(self, filling: str) -> str:
        """The source with `filling` in its blank. Raises `ValueError` for what may not stand there."""
        self.blank.check(filling)
        return self.text.replace(BLANK, filling)
