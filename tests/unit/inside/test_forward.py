"""Layer outputs against the model's own forward pass; nothing may stay attached to the model."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from cnn_core.inside.forward import (
    back,
    convolutions,
    forward_all,
    front,
    layer_channel,
    layer_names,
    probabilities,
)
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build


def _model(inplace: bool = False) -> nn.Sequential:
    torch.manual_seed(0)
    model = nn.Sequential()
    model.add_module("conv1", nn.Conv2d(1, 4, 3))
    model.add_module("bn1", nn.BatchNorm2d(4))
    model.add_module("relu1", nn.ReLU(inplace=inplace))
    model.add_module("dropout1", nn.Dropout(0.5))
    model.add_module("flatten1", nn.Flatten())
    model.add_module("linear1", nn.Linear(4 * 6 * 6, 3))
    return model.eval()


IMAGES = np.random.default_rng(0).random((5, 1, 8, 8), dtype=np.float32)


def test_every_layer_is_named_and_the_last_holds_the_models_logits() -> None:
    model = _model()
    outputs = forward_all(model, IMAGES)
    assert [(layer.name, layer.kind) for layer in outputs[:3]] == [
        ("conv1", "Conv2d"),
        ("bn1", "BatchNorm2d"),
        ("relu1", "ReLU"),
    ]
    assert [layer.output.shape for layer in outputs] == [(5, 4, 6, 6)] * 4 + [(5, 144), (5, 3)]
    with torch.no_grad():
        expected = model(torch.from_numpy(IMAGES))
        first = model.conv1(torch.from_numpy(IMAGES))
    np.testing.assert_allclose(outputs[-1].output, expected.numpy(), atol=1e-6)
    np.testing.assert_allclose(outputs[0].output, first.numpy(), atol=1e-6)


def test_an_identity_kernel_gives_the_image_back() -> None:
    model = nn.Sequential(nn.Conv2d(1, 1, 1, bias=False), nn.ReLU()).eval()
    with torch.no_grad():
        model[0].weight.fill_(-1.0)
    image = np.array([[[[0.25, 1.0]]]], dtype=np.float32)
    conv, relu = forward_all(model, image)
    assert conv.output.tolist() == [[[[-0.25, -1.0]]]]
    assert relu.output.tolist() == [[[[0.0, 0.0]]]]


def test_an_in_place_activation_leaves_the_negative_values_before_it() -> None:
    plain, in_place = forward_all(_model(), IMAGES), forward_all(_model(inplace=True), IMAGES)
    assert plain[1].output.min() < 0
    for ours, other in zip(plain, in_place):
        np.testing.assert_array_equal(ours.output, other.output)


def test_the_model_and_the_images_are_left_as_they_were() -> None:
    model, images = _model(), IMAGES.copy()
    before = copy.deepcopy(model.state_dict())
    forward_all(model, images)
    probabilities(model, images, batch_size=2)
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name]), name
    for layer in model.modules():
        assert not layer._forward_hooks
        assert not layer._forward_pre_hooks
        assert not layer._backward_hooks
        assert not layer.training
    assert all(parameter.grad is None for parameter in model.parameters())
    np.testing.assert_array_equal(images, IMAGES)


def test_probabilities_are_softmax_in_any_batch_size() -> None:
    model = _model()
    with torch.no_grad():
        expected = model(torch.from_numpy(IMAGES)).softmax(dim=1).numpy()
    shares: list[float] = []
    in_twos = probabilities(model, IMAGES, batch_size=2, progress=shares.append)
    np.testing.assert_allclose(in_twos, expected, atol=1e-6)
    np.testing.assert_allclose(in_twos.sum(axis=1), 1, atol=1e-6)
    assert shares == [0.4, 0.8, 1.0]


def test_images_as_on_disk_are_the_same_images() -> None:
    on_disk = np.random.default_rng(1).integers(0, 256, (3, 8, 8, 1), dtype=np.uint8)
    as_floats = on_disk.transpose(0, 3, 1, 2).astype(np.float32) / 255
    model = _model()
    np.testing.assert_allclose(probabilities(model, on_disk), probabilities(model, as_floats), atol=1e-7)


def test_no_images_give_no_rows() -> None:
    assert len(probabilities(_model(), IMAGES[:0])) == 0


def test_training_mode_and_wrong_axes_are_refused() -> None:
    with pytest.raises(ValueError, match="training mode"):
        forward_all(_model().train(), IMAGES)
    with pytest.raises(ValueError, match="training mode"):
        probabilities(_model().train(), IMAGES)
    with pytest.raises(ValueError, match=r"x is of shape \(1, 8, 8\)"):
        forward_all(_model(), IMAGES[0])


IMAGES_12 = np.random.default_rng(2).random((4, 1, 12, 12), dtype=np.float32)
BLOCKS = shorthand.from_text("conv4-residual4-separable6-residual6_s2-gap-flatten-linear3")


def test_a_block_is_one_stop_and_the_network_can_be_cut_behind_it() -> None:
    architecture = Architecture((1, 12, 12), BLOCKS, 3)
    model = build(architecture, 0).eval()
    answers = forward_all(model, IMAGES_12)
    assert [answer.name for answer in answers] == [
        *("conv1", "residual1", "separable1", "residual2"),
        *("global_pool1", "flatten1", "linear1"),
    ]
    assert answers[1].kind == "ResidualBlock"
    with torch.inference_mode():
        x = torch.from_numpy(IMAGES_12)
        block = model.residual1
        inner = block.relu1(block.batch_norm1(block.conv1(model.conv1(x))))
        by_hand = (block.batch_norm2(block.conv2(inner)) + model.conv1(x)).relu()
        assert torch.equal(torch.from_numpy(answers[1].output), by_hand)
        for name, _ in model.named_children():
            assert torch.equal(back(model, name)(front(model, name)(x)), model(x))
    with pytest.raises(ValueError, match=r"layer is 'residual1.conv1'; allowed is one of conv1, residual1"):
        front(model, "residual1.conv1")


def test_what_is_in_a_block_is_reached_by_its_dotted_name() -> None:
    model = build(Architecture((1, 12, 12), BLOCKS, 3), 0)
    assert [name for name, _ in convolutions(model)] == [
        "conv1",
        *("residual1.conv1", "residual1.conv2"),
        *("separable1.depthwise", "separable1.pointwise"),
        *("residual2.conv1", "residual2.conv2", "residual2.shortcut.projection"),
    ]


def test_batch_norm_could_stand_behind_what_mixes_channels() -> None:
    model = build(Architecture((1, 12, 12), BLOCKS, 3), 0).eval()
    assert layer_names(model) == ["conv1", "separable1"]
    with torch.inference_mode():
        expected = model[:3](torch.from_numpy(IMAGES_12))[:, 5]
    np.testing.assert_allclose(layer_channel(model, "separable1", 5, IMAGES_12), expected, rtol=1e-5)
