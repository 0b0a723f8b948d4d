"""Costs in words are the costs that torch counts."""

import re

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from cnn_core.networks import costs, shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.presets import PRESETS
from tests.support.receptive_field import positive, reached

BLOCKS = Architecture(
    (3, 20, 18), shorthand.from_text("conv4-residual8_s2-separable6-bn-gap-flatten-linear10"), 10
)
NETWORKS = {name: preset.architecture() for name, preset in PRESETS.items()} | {"blocks": BLOCKS}
each = pytest.mark.parametrize("architecture", NETWORKS.values(), ids=NETWORKS)


def test_one_filter_stands_in_the_brackets():
    conv1, *_, linear2 = PRESETS["mnist-3conv"].architecture().summary()
    assert costs.arithmetic(conv1) == "32 × (1 × 3 × 3) + 32 = 320"
    assert costs.arithmetic(linear2) == "10 × 64 + 10 = 650"
    assert costs.arithmetic(PRESETS["mnist-3conv"].architecture().summary()[1]) == "0"


@each
def test_the_arithmetic_adds_up_to_torchs_parameters(architecture):
    model = build(architecture, 0)
    for info in architecture.summary():
        own = [parameter.numel() for parameter in model.get_submodule(info.name).parameters()]
        terms = costs.arithmetic(info).partition(" = ")[0]
        assert eval(terms.replace("×", "*").replace(",", "")) == sum(own) == info.parameters
        weights = [p.numel() for p in model.get_submodule(info.name).parameters() if p.ndim > 1]
        assert costs.weights(info) == sum(weights)
        assert re.fullmatch(r"[\d,]+", costs.arithmetic(info).rpartition("= ")[2])


@each
def test_multiply_adds_are_half_of_the_operations_that_torch_counts(architecture):
    model = build(architecture, 0).eval()
    normed = []  # torch's counter leaves batch norm out: a multiply-add a value

    def note(module, inputs, output):
        normed.append(output.numel())

    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.register_forward_hook(note)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.rand(1, *architecture.input_shape))
    assert architecture.macs == counter.get_total_flops() // 2 + sum(normed)


def test_each_weight_is_used_at_every_place_of_its_map():
    infos = {info.name: info for info in PRESETS["mnist-3conv"].architecture().summary()}
    assert costs.uses(infos["conv1"]) == 26 * 26
    assert costs.uses(infos["conv2"]) == 11 * 11
    assert costs.uses(infos["linear1"]) == 1
    assert costs.uses(infos["relu1"]) is None


def test_activations_weigh_what_torchs_tensors_do():
    architecture = PRESETS["tiny-vgg"].architecture()
    model = build(architecture, 0).eval()
    value = torch.rand(5, *architecture.input_shape)
    for info, module in zip(architecture.summary(), model):
        value = module(value)
        assert costs.activation_bytes(info, 5) == value.numel() * value.element_size()


def test_most_parameters_and_most_work_lie_in_different_layers():
    infos = PRESETS["fashion-2conv"].architecture().summary()
    assert costs.largest(infos, lambda info: info.parameters).name == "linear1"
    assert costs.largest(infos, lambda info: info.macs).name == "conv2"


@pytest.mark.parametrize("name", ["mnist-3conv", "tiny-vgg"])
def test_the_receptive_field_before_flatten_is_what_a_gradient_reaches(name):
    architecture = PRESETS[name].architecture((1, 60, 60))
    infos = architecture.summary()
    last = next(info for info in infos if info.layer.flattens).index
    model = positive(build(architecture, 0)[:last])
    low, high = reached(model, architecture.input_shape, infos[last - 1].output_shape[1] // 2)
    assert high - low + 1 == infos[last - 1].receptive_field
