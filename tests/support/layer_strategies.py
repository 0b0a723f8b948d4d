"""Layers as hypothesis draws them, from what their types say of their settings: ones that mostly fit, and any."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from inspect import isabstract

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import LAYER_TYPES, Conv2d, Flatten, Layer, LayerError, Linear
from cnn_core.networks.layers.base import Shape
from cnn_core.networks.layers.settings import LayerSetting

# Without those that leave something unsaid: the contract's first test names it, and the others run.
KINDS = [kind for kind in LAYER_TYPES.values() if not isabstract(kind)]
SMALL = 4  # numbers that fit into small maps


def _fitting(known: LayerSetting) -> SearchStrategy[object]:
    """Allowed values, small."""
    if known.kind is bool:
        return st.booleans()
    low, high = known.limits
    if known.kind is not int:
        return st.integers(0, 100).map(lambda n: low + (high - low) * n / 100)
    numbers = st.integers(int(low), min(int(high), SMALL + (known.new is not None) * 2))
    return st.one_of(*map(st.just, known.words), *[st.none()] * known.may_be_none, numbers)


def _any(known: LayerSetting) -> SearchStrategy[object]:
    """Values, some of them wrong."""
    if known.kind is bool:
        return st.booleans()
    if known.kind is not int:
        low, high = known.limits
        return st.floats(low - 1, high + 1)
    numbers = st.integers(-2, 40) if known.new is not None else st.integers(-1, 9)
    return st.one_of(*map(st.just, known.words), *[st.none()] * known.may_be_none, numbers)


def layers_of(kind: type[Layer]) -> SearchStrategy[Layer]:
    """Layers of one type, with all settings in range."""
    return st.builds(kind, **{name: _fitting(known) for name, known in kind.settings().items()})


def any_of(kind: type[Layer]) -> SearchStrategy[Layer]:
    """Layers of one type with any settings."""
    return st.builds(kind, **{name: _any(known) for name, known in kind.settings().items()})


def new_layer(kind: type[Layer]) -> Layer:
    """A layer as the builder adds it."""
    return kind(**{name: known.new for name, known in kind.settings().items() if known.new is not None})


def variants(kind: type[Layer]) -> Iterator[Layer]:
    """A small layer of this type, and for each setting some that differ in it alone."""
    small = {name: SMALL for name, known in kind.settings().items() if known.new is not None}
    first = kind(**small)
    yield first
    for name, known in kind.settings().items():
        usual = getattr(first, name)
        if known.kind is bool:
            others: tuple[object, ...] = (not usual,)
        elif known.kind is int:
            others = (*known.words, 1, 2, 3)
        else:
            others = (sum(known.limits) / 3,)
        yield from (replace(first, **{name: other}) for other in others if other != usual)


def network_with(layer: Layer, shape: tuple[int, int, int]) -> Architecture:
    """A network with this layer where it may stand: behind a convolution, or behind a Flatten if it needs a vector."""
    before: tuple[Layer, ...] = (Conv2d(4, 3), Flatten()) if layer.needs_vector else (Conv2d(4, 3),)
    after = (Linear(3),) if layer.needs_vector or layer.flattens else (Flatten(), Linear(3))
    return Architecture(shape, (*before, layer, *after), 3)


def _draw(kinds: list[type[Layer]]) -> SearchStrategy[Layer]:
    return st.one_of(*map(layers_of, kinds))


_sliding = [kind for kind in KINDS if kind.needs_maps and new_layer(kind).window() is not None]
_keeping = [kind for kind in KINDS if kind.is_activation or kind.normalizes]
windows = _draw(_sliding)
plain = _draw([kind for kind in _keeping if not kind.needs_maps and not kind.refused])
others = _draw([kind for kind in KINDS if kind not in _sliding and kind not in _keeping])
maps = st.lists(windows | plain, min_size=1, max_size=5)
sizes = st.tuples(st.integers(1, 3), st.integers(4, 20), st.integers(4, 20))


def any_layer() -> SearchStrategy[Layer]:
    """Any layer with any settings, half of them wrong."""
    return st.one_of(*map(any_of, KINDS))


def drawn(kind: type[Layer]) -> list[Layer]:
    """Layers of a type with random settings that fit, and those that differ from the smallest in one setting."""
    found = list(variants(kind))

    @settings(max_examples=20, database=None)
    @given(layer=layers_of(kind))
    def collect(layer: Layer) -> None:
        found.append(layer)

    collect()
    return found


def working(kind: type[Layer], shapes: Sequence[Shape]) -> Iterator[tuple[Layer, Shape]]:
    """Those of `drawn` as they are for each of these inputs, where they work on it."""
    for shape in shapes:
        for layer in drawn(kind):
            fitted = layer.fitted(shape)
            try:
                fitted.output_shape(shape)
            except LayerError:
                continue
            yield fitted, shape
