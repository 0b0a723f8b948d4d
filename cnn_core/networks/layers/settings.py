"""A setting of a layer, said once: checks, JSON, the shorthand and the builder's editor all read this.

A setting is a dataclass field made by `setting` (a number) or `switch` (yes or no); `Layer.settings` has them by name.
"""

from dataclasses import MISSING, dataclass, field
from typing import Any

from typing_extensions import override

from cnn_core.ranges import Setting

DECIMAL_STEP = 0.05  # what one press on the editor's + adds to a setting with decimals


@dataclass(frozen=True)
class LayerSetting(Setting):
    """What `ranges.Setting` says, and more; there may be no usual value, so the kind is that of the range.

    `words` may stand in a number's place ("same"). `follows` names the setting whose value it has where it is None;
    `unset` says what None means where nothing is followed ("automatic").
    `letter` stands before the value in the shorthand, "" for the one setting that follows the layer's word at once; of
    a switch it is the word that turns it. `new` is what a new layer starts with where there is no usual value.
    """

    words: tuple[str, ...] = ()
    follows: str = ""
    unset: str = ""
    letter: str = ""
    new: float | None = None

    @property
    @override
    def kind(self) -> type:
        """`bool`, `int` or `float`."""
        return bool if self.low is None else type(self.low)

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and the highest number; False and True of a switch."""
        return (False, True) if self.low is None or self.high is None else (self.low, self.high)

    @property
    def may_be_none(self) -> bool:
        """Whether a layer may leave it open."""
        return bool(self.follows or self.unset)

    def allows(self, value: Any) -> bool:
        """Whether a layer may have this value, which is of the right kind."""
        if value in self.words or (value is None and self.may_be_none):
            return True
        low, high = self.limits
        return bool(low <= value <= high)

    def nearest(self, value: float) -> float:
        """The allowed number nearest to `value`."""
        low, high = self.limits
        return min(max(value, low), high)


def setting(low: float, high: float, *, label: str, default: Any = MISSING, **about: Any) -> Any:
    """A dataclass field for a number in `low..high`; `about` are the other fields of `LayerSetting`."""
    step = 1 if isinstance(low, int) else DECIMAL_STEP
    made = LayerSetting(name="", default=default, label=label, low=low, high=high, step=step, **about)
    return field(default=default, metadata={"setting": made})


def switch(label: str, *, letter: str, default: bool, rare: bool = False) -> Any:
    """A dataclass field for yes or no; `letter` is the shorthand's word for what is not the default ("nobias")."""
    made = LayerSetting(name="", default=default, label=label, letter=letter, rare=rare)
    return field(default=default, metadata={"setting": made})
