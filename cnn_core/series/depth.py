"""Depth with and without skip connections: the same layers stacked higher, once with what passes them by.

He, Zhang, Ren, Sun: Deep residual learning for image recognition (2015), figures 1 and 6: plain networks get worse
with depth, on their training images too, residual ones do not. Both sides have a first convolution and the same
convolutions with batch norm after it, in pairs; on the one, each pair's input is added to its output.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from cnn_core.networks.layers import (
    BatchNorm,
    Conv2d,
    Flatten,
    GlobalAvgPool,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
)
from cnn_core.series.base import Base, Kind, SeriesError, Variant, changed, named

DEPTHS = (3, 5, 9, 13, 17, 21)
USUAL = (3, 9, 17)
FILTERS = 16
PLAIN, SKIPS = "plain", "skips"


def _normed() -> tuple[Layer, ...]:
    return (Conv2d(FILTERS, padding="same", bias=False), BatchNorm(), ReLU())


def layers(depth: int, classes: int, skips: bool) -> tuple[Layer, ...]:
    """So many convolutions of 3×3, the first one and pairs of two; then the mean of each map, and a Linear."""
    pair: tuple[Layer, ...] = (Residual(FILTERS),) if skips else (*_normed(), *_normed())
    blocks = pair * ((depth - 1) // 2)
    # Maps of a quarter of the side: that many layers on whole images would take minutes.
    return (
        *_normed(),
        MaxPool2d(),
        MaxPool2d(),
        *blocks,
        GlobalAvgPool(),
        Flatten(),
        Linear(classes),
    )


class Depth(Kind):
    """Networks of these depths, each plain and with skip connections."""

    name: ClassVar[str] = "depth"
    title: ClassVar[str] = "Depth, with and without skips"
    question: ClassVar[str] = (
        "Is deeper better? The same layers, stacked higher, with and without skip connections."
    )
    icon: ClassVar[str] = "stacks"
    most_values: ClassVar[int] = 6

    @override
    def offered(self, base: Base, subject: str) -> tuple[str, ...]:
        return tuple(str(depth) for depth in DEPTHS)

    @override
    def usual(self, base: Base, subject: str) -> tuple[str, ...]:
        return tuple(str(depth) for depth in USUAL)

    @override
    def variants(self, base: Base, subject: str, values: Sequence[str]) -> tuple[Variant, ...]:
        offered = self.offered(base, subject)
        if not values:
            raise SeriesError("Choose at least one depth.")
        if wrong := [value for value in values if value not in offered]:
            raise SeriesError(f"{named(wrong[0])} is no depth here; allowed: {', '.join(offered)}.")
        chosen = [value for value in offered if value in values]
        return tuple(self._variant(base, int(value), group) for value in chosen for group in (PLAIN, SKIPS))

    @staticmethod
    def _variant(base: Base, depth: int, group: str) -> Variant:
        made = layers(depth, base.architecture.classes, group == SKIPS)
        return replace(
            changed(base, f"{depth}, {group}", depth),
            architecture=replace(base.architecture, layers=made),
            group=group,
        )

    @override
    def axis(self, subject: str) -> str:
        return "convolutions"


KIND = Depth()
