"""Several seeds: the same training again and again, only chance differs. How much does a score mean?"""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from cnn_core.series.base import Base, Kind, Variant


class Seeds(Kind):
    """One variant, the base itself."""

    name: ClassVar[str] = "seeds"
    title: ClassVar[str] = "Several seeds"
    question: ClassVar[str] = "The same training again, only chance differs: how much does one score mean?"
    icon: ClassVar[str] = "casino"
    seeds: ClassVar[int] = 5

    @override
    def offered(self, base: Base, subject: str) -> tuple[str, ...]:
        return ()

    @override
    def usual(self, base: Base, subject: str) -> tuple[str, ...]:
        return ()

    @override
    def variants(self, base: Base, subject: str, values: Sequence[str]) -> tuple[Variant, ...]:
        return (Variant("as it is", base.architecture, base.settings),)

    @override
    def axis(self, subject: str) -> str:
        return "training"


KIND = Seeds()
