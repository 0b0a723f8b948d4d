"""One setting over several values: where does it work best, and how narrow is that place?"""

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from cnn_core.series.base import Base, Kind, SeriesError, Variant
from cnn_core.series.subjects import SUBJECTS, subject, varied


class Values(Kind):
    """The base with each of the values."""

    name: ClassVar[str] = "values"
    title: ClassVar[str] = "One setting, several values"
    question: ClassVar[str] = (
        "One setting over several values: where is it best, and how narrow is that place?"
    )
    icon: ClassVar[str] = "linear_scale"

    @override
    def subjects(self, base: Base) -> tuple[str, ...]:
        return varied(base)

    @override
    def free(self, of: str) -> bool:
        return subject(of).free

    @override
    def offered(self, base: Base, of: str) -> tuple[str, ...]:
        return subject(of).offered(base)

    @override
    def usual(self, base: Base, of: str) -> tuple[str, ...]:
        return subject(of).usual(base)

    @override
    def variants(self, base: Base, of: str, values: Sequence[str]) -> tuple[Variant, ...]:
        if not values:
            raise SeriesError("Choose at least one value.")
        if len(values) > self.most_values:
            raise SeriesError(f"There are {len(values)} values; at most {self.most_values} are compared.")
        found = [subject(of).variant(base, text) for text in values]
        distinct = {variant.label: variant for variant in found}  # 0.1 and 0.10 are one value
        return tuple(sorted(distinct.values(), key=lambda one: one.at or 0.0))

    @override
    def axis(self, of: str) -> str:
        return SUBJECTS[of].setting.label.lower() if of in SUBJECTS else of

    @override
    def log(self, of: str) -> bool:
        return of in SUBJECTS and SUBJECTS[of].log


KIND = Values()
