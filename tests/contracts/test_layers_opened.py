"""Every layer type of `LAYER_TYPES`, found by enumeration: cells opened, and what each depends on, against torch."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnn_core.inside.places import run
from cnn_core.inside.receptive_field import projective_field, receptive_field
from cnn_core.inside.trace import answer
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import LAYER_TYPES, Conv2d, Flatten, Layer, LayerError
from cnn_core.networks.wiring import INPUT, PROBABILITIES, wiring
from tests.support.layer_strategies import layers_of, network_with, new_layer
from tests.support.shaken import monotone, shake, shaken

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel"),
    pytest.mark.usefixtures("one_thread"),
]
each_type = pytest.mark.parametrize("kind", LAYER_TYPES.values(), ids=LAYER_TYPES)
each_trainable = pytest.mark.parametrize("kind", [kind for kind in LAYER_TYPES.values() if not kind.refused])
few = settings(max_examples=8)
MAPS, VECTOR = (4, 9, 10), (12,)


def fitting(kind, data, shape):
    """A layer of this type that works on `shape`."""
    layer = data.draw(layers_of(kind)).fitted(shape)
    try:
        layer.output_shape(shape)
    except LayerError:
        assume(False)
    return layer


def close(found: float, wanted: float, largest: float) -> None:
    assert abs(found - wanted) <= 1e-4 * max(abs(wanted), 1e-2 * largest)


@each_type
@given(data=st.data())
@few
def test_its_terms_or_its_parts_make_what_torch_makes(kind, data):
    shape = VECTOR if kind.needs_vector else data.draw(st.sampled_from([MAPS, VECTOR]))
    assume(not (len(shape) == 1 and (kind.needs_maps or kind.flattens)))
    layer = fitting(kind, data, shape)
    module = shake(layer.module(shape))
    x = torch.rand(shape, generator=torch.Generator().manual_seed(2)) * 4 - 2
    wanted = module(x[None])[0].numpy()
    if layer.parts(shape):
        return  # its parts are layers of their own; that they make the block is the next test
    tensors = {name: tensor.numpy() for name, tensor in module.state_dict().items()}
    cells = list(np.ndindex(wanted.shape))
    for cell in (cells[0], cells[-1], *data.draw(st.lists(st.sampled_from(cells), max_size=5))):
        terms = layer.terms(x.numpy(), tensors, cell)
        close(terms.value, float(wanted[cell]), float(np.abs(wanted).max()))
        inside = terms.inside
        met = [float(x[terms.cell(term)]) for term in np.flatnonzero(inside)]
        np.testing.assert_array_equal(terms.inputs[inside], met)
        assert not terms.inputs[~inside].any()


@each_type
def test_it_says_its_terms_or_its_parts(kind):
    parts = not kind.needs_vector and new_layer(kind).parts(MAPS)
    assert bool(parts) != (kind.terms is not Layer.terms)


@pytest.mark.parametrize("kind", [kind for kind in LAYER_TYPES.values() if kind.terms is Layer.terms])
@given(data=st.data())
@few
def test_its_parts_are_the_block(kind, data):
    layer = fitting(kind, data, MAPS)
    known = wiring(Architecture(MAPS, (layer,), 2)).places[:-1]
    model = shaken_alone(layer)
    x = torch.rand(2, *MAPS, generator=torch.Generator().manual_seed(1))
    last = known[-1].name
    assert torch.equal(run(model, known, {INPUT: x}, keep=[last])[last], model(x))
    assert known[-1].output_shape == layer.output_shape(MAPS)


def shaken_alone(layer):
    model = torch.nn.Sequential()
    model.add_module(f"{layer.prefix}1", layer.module(MAPS))
    return shake(model)


@each_trainable
@given(data=st.data())
@few
def test_random_cells_of_a_network_with_it_add_up_back_to_the_pixels(kind, data):
    architecture = network_with(data.draw(layers_of(kind)).fitted((4, 7, 8)), MAPS)
    assume(not repairs.problems(architecture))
    image = torch.rand(MAPS, generator=torch.Generator().manual_seed(3)).numpy()
    found = answer(shaken(architecture), architecture, image)
    layer, cell = PROBABILITIES, (data.draw(st.integers(0, 2)),)
    while layer != INPUT:
        step = found.step(layer, cell)
        close(step.terms.value, step.computed, float(np.abs(found.values[step.place.name]).max()))
        inside = np.flatnonzero(step.terms.inside).tolist()
        if not inside:
            break
        layer, cell = step.reads(data.draw(st.sampled_from(inside)))


@each_type
@given(data=st.data())
@few
def test_the_receptive_field_is_every_pixel_that_a_gradient_reaches(kind, data):
    """Masks, not sizes: holes of dilation, groups of channels, and padding at the edges are in them."""
    before = (Conv2d(4, 3, dilation=2), Flatten()) if kind.needs_vector else (Conv2d(4, 3, dilation=2),)
    architecture = Architecture(MAPS, (*before, data.draw(layers_of(kind)).fitted((4, 5, 6))), 2)
    assume(architecture.failure() is None)
    model, known = monotone(architecture), wiring(architecture)
    x = torch.rand(1, *MAPS, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    place = known.places[-2]
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in place.output_shape)
    x.requires_grad_()
    value = run(model, known.until(place), {INPUT: x})[place.name][(0, *cell)]
    (gradient,) = torch.autograd.grad(value, x, allow_unused=True)
    reached = np.zeros(MAPS, bool) if gradient is None else gradient[0].numpy() != 0
    masks = receptive_field(architecture, place.name, cell)
    np.testing.assert_array_equal(masks.get(INPUT, np.zeros(MAPS, bool)), reached)
    pixel = tuple(data.draw(st.integers(0, size - 1)) for size in MAPS)
    field = projective_field(architecture, pixel).get(place.name, np.zeros(place.output_shape, bool))
    assert field[cell] == reached[pixel]
