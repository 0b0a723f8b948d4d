"""A setting of a layer, said once: checks, JSON, the shorthand and the builder's editor all read this.

A setting is a dataclass field made by `setting` (a number) or `switch` (yes or no); `Layer.settings` has them by name.
"""

from dataclasses import dataclass, field
from typing import Any

DECIMAL_STEP = 0.05  # what one press on the editor's + adds to a setting with decimals


@dataclass(frozen=True)
class Setting:
    """What is allowed, and how the setting is called; the name and the usual value are the field's own.

    `low..high` is the range of a number, whole where these are; `words` may stand in its place ("same"). `follows`
    names the setting whose value it has where it is None. `letter` stands before the value in the shorthand, ""
    for the one setting that follows the layer's word at once; of a switch it is the word that turns it. `new` is what a
    new layer starts with where there is no usual value. What is `rare` the editor keeps behind a button.
    """

    label: str
    low: float = 0
    high: float = 1
    letter: str = ""
    words: tuple[str, ...] = ()
    follows: str = ""
    new: float | None = None
    rare: bool = False
    is_switch: bool = False

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are allowed."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def allows(self, value: Any) -> bool:
        """Whether a layer may have this value."""
        if self.is_switch or value in self.words or (value is None and self.follows):
            return True
        return bool(self.low <= value <= self.high)

    def nearest(self, value: float) -> float:
        """The allowed number nearest to `value`."""
        return min(max(value, self.low), self.high)


def setting(
    low: float,
    high: float,
    *,
    label: str,
    letter: str = "",
    words: tuple[str, ...] = (),
    follows: str = "",
    new: float | None = None,
    rare: bool = False,
    **default: Any,
) -> Any:
    """A dataclass field for a number in `low..high`; the rest as in `Setting`, `default` as in `dataclasses.field`."""
    made = Setting(label, low, high, letter, words, follows, new, rare)
    return field(metadata={"setting": made}, **default)


def switch(label: str, *, letter: str, default: bool, rare: bool = False) -> Any:
    """A dataclass field for yes or no; `letter` is the shorthand's word for what is not the default ("nobias")."""
    return field(
        metadata={"setting": Setting(label, letter=letter, rare=rare, is_switch=True)}, default=default
    )
