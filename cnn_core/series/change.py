"""One change and the same seed: what it does, all else as it was; one setting, or one sort of layer left out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from typing_extensions import override

from cnn_core.networks import repairs
from cnn_core.series.base import Base, Kind, SeriesError, Variant, changed, named, renamed
from cnn_core.series.subjects import SUBJECTS, spelled, subject, varied, with_layers

WITHOUT = "without"
"""The subject that has layers for values: all layers of one sort leave the network."""
AS_IT_IS = "as it is"


def removable(base: Base) -> tuple[str, ...]:
    """The sorts of layers without which the network still works, by their titles; those of a value each first."""
    kinds = {layer.title: layer for layer in base.architecture.layers}
    titles = sorted(kinds, key=lambda title: (kinds[title].convolutions, kinds[title].window() is not None))
    return tuple(title for title in titles if _works_without(base, title))


def _works_without(base: Base, title: str) -> bool:
    left = tuple(layer for layer in base.architecture.layers if layer.title != title)
    return bool(left) and not repairs.problems(replace(base.architecture, layers=left))


class Change(Kind):
    """The base, and the base with one change."""

    name: ClassVar[str] = "change"
    title: ClassVar[str] = "One change, same seed"
    question: ClassVar[str] = "The same training twice, with one difference: what does it do?"
    icon: ClassVar[str] = "compare_arrows"
    most_values: ClassVar[int] = 1

    @override
    def subjects(self, base: Base) -> tuple[str, ...]:
        return (*varied(base), *((WITHOUT,) if removable(base) else ()))

    @override
    def free(self, of: str) -> bool:
        return of != WITHOUT and subject(of).free

    @override
    def offered(self, base: Base, of: str) -> tuple[str, ...]:
        if of == WITHOUT:
            return removable(base)
        now = self._now(base, of)
        return tuple(value for value in subject(of).offered(base) if value != now)

    @staticmethod
    def _now(base: Base, of: str) -> str:
        value = subject(of).now(base)
        return AS_IT_IS if value is None else spelled(subject(of).setting, value)

    @override
    def usual(self, base: Base, of: str) -> tuple[str, ...]:
        """The first that is more than what it is, else the first."""
        offered = self.offered(base, of)
        if of == WITHOUT or not offered:
            return offered[:1]
        every, now = subject(of).offered(base), self._now(base, of)
        after = every[every.index(now) + 1 :] if now in every else ()
        return (after or offered)[:1]

    @override
    def variants(self, base: Base, of: str, values: Sequence[str]) -> tuple[Variant, ...]:
        if len(values) != 1:
            raise SeriesError("Say what is changed: one value.")
        (value,) = values
        if of == WITHOUT:
            if value not in removable(base):
                raise SeriesError(
                    f"This network has no {named(value)} layers, or does not work without them."
                )
            left = tuple(layer for layer in base.architecture.layers if layer.title != value)
            return (changed(base, AS_IT_IS), with_layers(changed(base, f"without {value}"), left))
        other = subject(of).variant(base, value)
        if (other.settings, other.architecture) == (base.settings, base.architecture):
            raise SeriesError(f"{subject(of).setting.label} is {other.label} already: choose another value.")
        now = self._now(base, of)
        before = AS_IT_IS if now == AS_IT_IS else f"{now} ({AS_IT_IS})"
        return (changed(base, before), renamed(other, other.label))

    @override
    def axis(self, of: str) -> str:
        return SUBJECTS[of].setting.label.lower() if of in SUBJECTS else "layers"


KIND = Change()
