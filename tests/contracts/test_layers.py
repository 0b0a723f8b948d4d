"""Every layer type of `LAYER_TYPES`, found by enumeration: what its class says of it, held against torch."""

import json

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from cnn_core.inside.feature_maps import maps_of
from cnn_core.inside.forward import back, forward_all, front
from cnn_core.networks import json_form, repairs, shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import LAYER_TYPES, AvgPool2d, Conv2d, LayerError, type_of
from cnn_core.networks.layers.base import ONE_CELL
from cnn_core.networks.shapes import sides_read, walk
from tests.support.layer_strategies import any_layer, any_of, layers_of, network_with, new_layer
from tests.support.receptive_field import positive, reached

pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel"),
    pytest.mark.usefixtures("one_thread"),
]

each_type = pytest.mark.parametrize("kind", LAYER_TYPES.values(), ids=LAYER_TYPES)
each_trainable = pytest.mark.parametrize("kind", [kind for kind in LAYER_TYPES.values() if not kind.refused])
few = settings(max_examples=6)
MAPS, VECTOR = (4, 11, 12), (12,)


def fitting(kind, data):
    """A layer that works on `MAPS`, or on `VECTOR` where it needs one, and that shape."""
    shape = VECTOR if kind.needs_vector else MAPS
    layer = data.draw(layers_of(kind)).fitted(shape)
    try:
        layer.output_shape(shape)
    except LayerError:
        assume(False)
    return layer, shape


def inputs(shape, low=-1.0, seed=0, count=6):
    """A batch of random numbers, `low` to 1, in double precision."""
    generator = torch.Generator().manual_seed(seed)
    return low + (1 - low) * torch.rand(count, *shape, generator=generator, dtype=torch.float64)


def leaves(module: nn.Module) -> list[nn.Module]:
    """The modules that do the work: those without modules in them."""
    return [
        part for part in module.modules() if not list(part.children()) and type(part) is not nn.Sequential
    ]


def works(kind, data) -> Architecture:
    """A network that can be trained with such a layer in it."""
    layer = data.draw(layers_of(kind)).fitted((4, 9, 10))
    architecture = network_with(layer, MAPS)
    assume(not repairs.problems(architecture))
    return architecture


@each_type
def test_it_leaves_nothing_unsaid(kind):
    unsaid = ", ".join(sorted(kind.__abstractmethods__))
    assert not unsaid, f"{kind.__name__} does not define {unsaid}"


@each_type
def test_it_has_a_title_a_word_and_a_docstring(kind):
    everyone = list(LAYER_TYPES.values())
    assert kind.title
    assert kind.prefix
    assert kind.word.isalpha()
    assert kind.word.islower()
    assert [other.word for other in everyone].count(kind.word) == 1
    assert [other.title for other in everyone].count(kind.title) == 1
    assert kind.__doc__
    assert not kind.__doc__.startswith(kind.__name__ + "(")
    for known in kind.settings().values():
        assert known.label
        assert known.kind is bool or known.low < known.high
    letters = [known.letter for known in kind.settings().values()]
    assert len(set(letters)) == len(letters)


@each_type
@given(data=st.data())
@settings(max_examples=30)
def test_there_and_back(kind, data):
    layer = data.draw(layers_of(kind))
    assert shorthand.from_text(shorthand.to_text((layer,))) == (layer,)
    architecture = Architecture((1, 28, 28), (data.draw(any_of(kind)),), 10)
    assert json_form.read(json.loads(json.dumps(json_form.write(architecture)))) == architecture


@each_type
@given(data=st.data())
@few
def test_shape_parameters_and_arithmetic_are_torchs(kind, data):
    layer, shape = fitting(kind, data)
    module = layer.module(shape).double().eval()
    assert type_of(module) is kind
    output = module(inputs(shape))
    assert tuple(output.shape[1:]) == layer.output_shape(shape)
    factors = layer.parameter_factors(shape)
    sizes = [torch.Size(factor).numel() for factor in factors]
    assert sizes == [parameter.numel() for parameter in module.parameters()]
    (info,), _ = walk(shape, (layer,)) if len(shape) == 3 else ((None,), None)
    if info is not None:
        assert info.parameters_text.endswith(f"{sum(sizes):,}")
    result = layer.shape_words(shape)
    assert result.rsplit("=", 1)[1].strip().replace(",", "") in (
        *map(str, layer.output_shape(shape)),
        "×".join(map(str, layer.output_shape(shape))),
    )
    if len(shape) == 3 and layer.size_text(shape[1]):
        assert layer.size_text(shape[1]).endswith(f"= {output.shape[2]}")


@each_type
@given(data=st.data())
@few
def test_multiply_adds_and_values_are_those_of_the_modules_in_it(kind, data):
    layer, shape = fitting(kind, data)
    module = layer.module(shape).double().eval()
    macs, outputs = [], []

    def seen(part: nn.Module, _: object, output: Tensor) -> None:
        outputs.append(output)
        if isinstance(part, nn.Conv2d):
            macs.append(part.weight.numel() * output[0, 0].numel())
        elif isinstance(part, nn.Linear):
            macs.append(part.weight.numel())
        elif isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
            macs.append(output[0].numel())

    for part in leaves(module):
        part.register_forward_hook(seen)
    result = module(inputs(shape))
    if all(output is not result for output in outputs):
        outputs.append(result)  # of arithmetic at a block's end that is no module: a sum, a product
    assert layer.macs(shape) == sum(macs)
    assert layer.values(shape) == sum(output[0].numel() for output in outputs)


@each_trainable
@given(data=st.data())
@few
def test_a_seed_makes_every_weight(kind, data):
    architecture = works(kind, data)
    torch.manual_seed(5)
    by_torch = build(architecture).state_dict()
    torch.manual_seed(99)
    first, again, other = (build(architecture, seed).state_dict() for seed in (5, 5, 6))
    for name, value in by_torch.items():
        assert torch.equal(first[name], value), name
        assert torch.equal(again[name], value), name
        if value.is_floating_point() and value.unique().numel() > 1:
            assert not torch.equal(other[name], value), name


@each_type
@given(data=st.data())
@few
def test_the_receptive_field_is_where_a_gradient_reaches(kind, data):
    """Alone, and in the middle of a stack, as `walk` adds it up."""
    layer = data.draw(layers_of(kind))
    if kind.needs_vector:
        assert layer.window() is None
        assert reached(positive(nn.Sequential(layer.module(VECTOR))), VECTOR, 0) == (0, VECTOR[0] - 1)
        return
    if kind.flattens:
        module = layer.module((1, 9, 1))
        assert layer.window() == ONE_CELL
        assert reached(module, (1, 9, 1), 4) == (4, 4)
        return
    shape = (2, 90, 90)
    stack = (Conv2d(2, 3, 2), layer.fitted((2, 44, 44)), AvgPool2d(2, 1))
    if layer.window() is None:
        stack = stack[:2]
    infos, failure = walk(shape, stack)
    assume(failure is None)
    model = positive(nn.Sequential(*(info.layer.module(info.input_shape) for info in infos)))
    middle = infos[-1].output_shape[1] // 2
    first, last = reached(model, shape, middle)
    assert last - first + 1 == infos[-1].receptive_field
    if layer.window() is not None:
        assert reached(model, shape, middle + 1)[0] - first == infos[-1].jump


@each_type
@given(data=st.data())
@few
def test_the_sign_is_as_said(kind, data):
    layer, shape = fitting(kind, data)
    lowest = {"positive": [], "any": []}
    for seed in range(8):
        torch.manual_seed(seed)
        module = layer.module(shape).double().eval()
        for part in leaves(module):
            if isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d):
                nn.init.normal_(part.running_mean)
        lowest["positive"].append(float(module(inputs(shape, low=0.0, seed=seed)).min().detach()))
        lowest["any"].append(float(module(inputs(shape, seed=seed)).min().detach()))
    if kind.sign == "never negative":
        assert min(lowest["any"]) >= 0
    elif kind.sign == "keeps":
        assert min(lowest["positive"]) >= 0
    else:
        assert min(lowest["positive"]) < 0, "it keeps the sign"
    if kind.sign != "never negative" and layer == new_layer(kind):
        assert min(lowest["any"]) < 0


@each_type
def test_a_part_of_a_batch_gives_the_same_or_not_as_said(kind):
    layer = new_layer(kind)
    shape = VECTOR if kind.needs_vector else MAPS
    module, x = layer.module(shape).double().train(), inputs(shape)
    torch.manual_seed(0)
    whole = module(x)[3:]
    torch.manual_seed(0)
    part = module(x[3:])
    assert torch.allclose(whole, part) is not kind.needs_whole_batch


@each_trainable
@given(data=st.data())
@few
def test_what_a_network_does_not_read_changes_nothing(kind, data):
    architecture = works(kind, data)
    shape = architecture.input_shape
    rows, columns = sides_read(shape, architecture.layers)
    model = build(architecture, seed=0).double()  # in training: batch norm looks at all places
    x, other = inputs(shape), inputs(shape, seed=1)
    other[:, :, :rows, :columns] = x[:, :, :rows, :columns]
    results = []
    for images in (x, other, x[:, :, :rows, :columns]):
        torch.manual_seed(0)  # of dropout
        results.append(model(images))
    assert torch.equal(results[0], results[1])
    torch.testing.assert_close(results[2], results[0])


@each_type
def test_what_it_is_said_to_be_is_what_it_does(kind):
    layer = new_layer(kind)
    shape = VECTOR if kind.needs_vector else (layer.convolutions and getattr(layer, "out_channels", 4), 9, 9)
    shape = shape if shape[0] else MAPS
    module = layer.module(shape).double().eval()
    a, b = inputs(shape), inputs(shape, seed=1)
    parts, weights = leaves(module), list(module.parameters())
    linear = torch.allclose(module(a + b) + module(a * 0), module(a) + module(b))
    assert kind.is_activation == (not linear and layer.window() == ONE_CELL)
    assert kind.mixes == (linear and any(weight.ndim > 1 for weight in weights))
    fewer = module(a).ndim == 4 and module(a)[0, 0].numel() < a[0, 0].numel()
    assert kind.pools == (fewer and not weights)
    assert kind.normalizes == any(isinstance(part, nn.BatchNorm1d | nn.BatchNorm2d) for part in parts)
    assert kind.convolutions == sum(isinstance(part, nn.Conv2d) for part in parts)
    assert layer.drop_rate == sum(part.p for part in parts if isinstance(part, nn.Dropout))
    assert kind.flattens == (module(a).ndim < a.ndim)
    assert layer.units == (module(a).shape[1] if kind.needs_vector else None)
    for needs, wrong in ((kind.needs_maps, VECTOR), (kind.needs_vector, MAPS)):
        if needs:
            with pytest.raises(LayerError, match=kind.title):
                layer.output_shape(wrong)
    half = layer.halved()
    assert (half is None) == (not kind.mixes and not kind.convolutions)
    if half is not None:
        assert sum(map(len, half.parameter_factors(shape))) > 0
        assert half.output_shape(shape)[0] == layer.output_shape(shape)[0] // 2


@each_type
@given(layers=st.lists(any_layer(), max_size=3), data=st.data())
@few
def test_problems_are_sentences_and_repairs_end_in_a_network(kind, layers, data):
    at = data.draw(st.integers(0, len(layers)))
    stack = (*layers[:at], data.draw(any_of(kind)), *layers[at:])
    architecture = Architecture((2, 9, 8), stack, 4)
    for _ in range(40):
        problems = repairs.problems(architecture)
        if not problems:
            break
        for problem in problems:
            assert problem.message.endswith(".")
            assert problem.reason.endswith(".")
            assert problem.repair is not None
            assert problem.repair_text
        architecture = problems[0].repair
    assert build(architecture, 0).eval()(torch.rand(2, 2, 9, 8)).shape == (2, 4)


@each_trainable
@given(data=st.data())
@few
def test_a_network_with_it_can_be_looked_into(kind, data):
    """One stop for each layer, and cut behind any of them the two parts are the whole."""
    architecture = works(kind, data)
    model = build(architecture, 0).eval()
    images = inputs(architecture.input_shape).float().numpy()
    answers = forward_all(model, images)
    assert [answer.name for answer in answers] == list(architecture.names)
    assert [answer.layer for answer in answers] == [type(layer) for layer in architecture.layers]
    with torch.inference_mode():
        expected = model(torch.from_numpy(images))
        for name in architecture.names:
            assert torch.equal(back(model, name)(front(model, name)(torch.from_numpy(images))), expected)
    for maps in maps_of(model, images[0]):
        assert maps.can_be_negative or maps.values.min() >= 0
