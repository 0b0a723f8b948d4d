"""What a setting may be, said once, beside its field: checks, JSON, the command line and widgets all read it there.

A dataclass writes `epochs: int = setting(3, label="Epochs", low=1, high=200)`; `ranges` lists its settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from cnn_core.arrays import not_allowed


@dataclass(frozen=True)
class Setting:
    """One setting: a number from `low` to `high`, one of `choices` (value: title), a text, or on and off.

    What it is follows from its default; `None` is allowed where that is the default. `step` is what one press of a
    widget's button changes, `offered` the values to choose from where a page offers only some, `tried` those that an
    experiment begins with. `rare` ones fold away.
    `only` names the settings that decide whether this one is read, with the values for which it is: see `is_read`.
    """

    name: str
    default: Any
    label: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[Any, ...] = ()
    tried: tuple[Any, ...] = ()
    rare: bool = False
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> type:
        """`bool`, `int`, `float` or `str`."""
        return type(self.low if self.default is None else self.default)

    @property
    def allowed(self) -> str:
        """What it may be, in words that complete "allowed is …"."""
        if self.choices:
            words = f"one of: {', '.join(self.choices)}"
        elif self.low is None or self.high is None:
            words = "True or False" if self.kind is bool else "a text"
        else:
            noun = "a whole number" if self.kind is int else "a number"
            words = f"{noun} from {_plain(self.low)} to {_plain(self.high)}"
        return f"{words}, or None" if self.default is None else words

    def is_read(self, values: Mapping[str, Any]) -> bool:
        """Whether it decides anything beside these values of other settings; those not given are no obstacle."""
        return all(values.get(name, wanted[0]) in wanted for name, wanted in self.only.items())

    def problem(self, value: object) -> str:
        """Why it cannot be `value`, as a sentence; empty where it can."""
        if self._takes(value):
            return ""
        return not_allowed(self.name, repr(value), self.allowed)

    def _takes(self, value: object) -> bool:
        if value is None:
            return self.default is None
        if self.kind in (bool, str):
            return type(value) is self.kind and (not self.choices or value in self.choices)
        # True is an int to Python, and JSON may write 1.0 as 1.
        if type(value) is not int and (self.kind is int or not isinstance(value, float)):
            return False
        assert self.low is not None
        assert self.high is not None
        return self.low <= value <= self.high

    def read(self, text: str) -> object:
        """The value that `text` on a command line means; text that means none is left for `problem` to name."""
        if self.default is None and text == "None":
            return None
        for convert in {int: (int, float), float: (float,)}.get(self.kind, ()):
            try:
                return convert(text)
            except ValueError:
                continue
        return text


def _plain(number: float) -> str:
    """A limit as one reads it: 2,147,483,647 and 0.000001; what is smaller as 1e-12."""
    if 0 < number < 1e-6:
        return f"{number:g}"
    return f"{number:,}" if isinstance(number, int) else f"{number:,.6f}".rstrip("0").rstrip(".")


def setting(default: Any, *, label: str, **about: Any) -> Any:
    """A dataclass field with this default; `about` are the other fields of `Setting`. Its check is `check`'s."""
    made = Setting(name="", default=default, label=label, **about)
    assert (made.low is None) == (made.high is None) == (made.kind not in (int, float))
    return field(default=default, metadata={"setting": made})


def ranges(of: type) -> dict[str, Setting]:
    """The settings of a dataclass by name, in the order of its fields."""
    return {
        one.name: replace(one.metadata["setting"], name=one.name)
        for one in fields(of)
        if "setting" in one.metadata
    }


def problem(values: object) -> str:
    """What is wrong with a dataclass's first wrong setting, as a sentence; empty where all are right."""
    found = (one.problem(getattr(values, name)) for name, one in ranges(type(values)).items())
    return next((sentence for sentence in found if sentence), "")
