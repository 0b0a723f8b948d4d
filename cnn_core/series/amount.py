"""How much data: the same network on ten images, a hundred, a thousand, all. What does ten times as many bring?

Few images make few steps an epoch, so that a short training on them would fail for want of steps. Each training
gets as many epochs as make about as many steps as that on all images, up to `MOST_EPOCHS`.
"""

import math
from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from cnn_core.data import catalog
from cnn_core.series.base import Base, Kind, SeriesError, Variant, changed, named

AMOUNTS = (10, 30, 100, 300, 1000, 3000, 10_000, 30_000)
USUAL = (10, 100, 1000, 10_000)
ALL = "all"
MOST_EPOCHS = 30  # or the base's own, where those are more


def most(base: Base) -> int:
    """The training images that are left when those for validation are taken away."""
    info = catalog.find(base.settings.dataset)
    images = 0 if info is None else info.sizes[0]
    return images - round(images * base.settings.validation_fraction)


def epochs(base: Base, images: int) -> int:
    """Epochs on so few images: for about as many steps as on all of them, as far as `MOST_EPOCHS` goes."""
    batch = base.settings.batch_size
    whole = base.settings.epochs * math.ceil(most(base) / batch)
    wanted = math.ceil(whole / math.ceil(images / batch))
    return max(base.settings.epochs, min(wanted, MOST_EPOCHS))


class Amount(Kind):
    """The base on so many training images."""

    name: ClassVar[str] = "amount"
    title: ClassVar[str] = "How much data"
    question: ClassVar[str] = "Ten images, a hundred, all of them: what do ten times as many bring?"
    icon: ClassVar[str] = "database"

    @override
    def offered(self, base: Base, subject: str) -> tuple[str, ...]:
        return (*(f"{one:,}" for one in AMOUNTS if one < most(base)), ALL)

    @override
    def usual(self, base: Base, subject: str) -> tuple[str, ...]:
        return (*(f"{one:,}" for one in USUAL if one < most(base)), ALL)

    @override
    def variants(self, base: Base, subject: str, values: Sequence[str]) -> tuple[Variant, ...]:
        if not values:
            raise SeriesError("Choose at least one amount of images.")
        offered = self.offered(base, subject)
        if wrong := [value for value in values if value not in offered]:
            raise SeriesError(
                f"{named(wrong[0])} is no amount of images here; allowed: {', '.join(offered)}."
            )
        chosen = [value for value in offered if value in values]  # in their order
        return tuple(self._variant(base, value) for value in chosen)

    @staticmethod
    def _variant(base: Base, value: str) -> Variant:
        whole = most(base)
        if value == ALL:
            return changed(base, f"all {whole:,} images", whole, train_limit=None)
        images = int(value.replace(",", ""))
        return changed(base, f"{value} images", images, train_limit=images, epochs=epochs(base, images))

    @override
    def axis(self, subject: str) -> str:
        return "training images"

    @override
    def log(self, subject: str) -> bool:
        return True


KIND = Amount()
