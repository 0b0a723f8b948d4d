"""Ablation against a deep copy of the model with its weights changed by hand; the shared model stays as it was."""

import copy

import numpy as np
import pytest
import torch

from cnn_core.inside.ablation import Change, changed, filter_scaled, importance, with_changes
from cnn_core.inside.forward import probabilities
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from tests.support.shaken import shaken

pytestmark = pytest.mark.usefixtures("one_thread")
BLOCKS = Architecture(
    (1, 12, 12),
    shorthand.from_text("conv4-relu-residual4-separable6_p1-bn-pool-flatten-linear5-relu-linear3"),
    3,
)
IMAGES = np.random.default_rng(0).random((150, 1, 12, 12), dtype=np.float32)
LABELS = np.random.default_rng(1).integers(0, 3, 150)


def by_hand(model, edit):
    """The probabilities of a deep copy after `edit` of its tensors by name."""
    copied = copy.deepcopy(model)
    with torch.no_grad():
        edit(dict(copied.named_parameters()))
    return probabilities(copied, IMAGES)


@pytest.mark.parametrize(
    "layer", ["conv1", "residual1.conv2", "separable1.depthwise", "separable1.pointwise", "linear1"]
)
@pytest.mark.parametrize("factor", [0.0, -0.5, 3.0])
def test_a_filter_scaled_is_its_weights_and_bias_scaled(layer, factor):
    model = shaken(BLOCKS)

    def edit(tensors):
        for part in ("weight", "bias"):
            if f"{layer}.{part}" in tensors:
                tensors[f"{layer}.{part}"][2] *= factor

    found = with_changes(model, IMAGES, filter_scaled(model, layer, 2, factor))
    np.testing.assert_allclose(found, by_hand(model, edit), atol=1e-6)
    assert np.abs(found - probabilities(model, IMAGES)).max() > 1e-5


def test_a_weight_a_filter_and_several_layers_are_replaced():
    model = shaken(BLOCKS)
    kernel = np.random.default_rng(3).random((1, 3, 3), dtype=np.float32)

    def edit(tensors):
        tensors["conv1.weight"][1] = torch.from_numpy(kernel)
        tensors["conv1.bias"][1] = -0.25
        tensors["residual1.conv1.weight"][0, 3, 2, 1] += 0.5
        tensors["linear2.weight"][2, 4] = 7.0

    changes = [
        Change("conv1.weight", (1,), 0, kernel),
        Change("conv1.bias", (1,), 0, -0.25),
        Change("residual1.conv1.weight", (0, 3, 2, 1), 1, 0.5),
        Change("linear2.weight", (2, 4), 0, 7.0),
    ]
    np.testing.assert_allclose(with_changes(model, IMAGES, changes), by_hand(model, edit), atol=1e-6)


def test_changes_follow_one_another():
    model = shaken(BLOCKS)
    halves = [Change("conv1.weight", (0,), 0.5)] * 2
    made = changed(model, halves)
    assert torch.equal(made.conv1.weight[0], model.conv1.weight[0] / 4)
    assert torch.equal(made.conv1.weight[1:], model.conv1.weight[1:])


def test_a_factor_of_0_takes_away_what_is_no_number():
    model = shaken(BLOCKS)
    model.conv1.weight[0, 0, 0, 0] = float("nan")
    assert np.isnan(probabilities(model, IMAGES[:2])).all()
    assert np.isfinite(with_changes(model, IMAGES[:2], filter_scaled(model, "conv1", 0))).all()


def test_only_what_is_changed_is_copied_and_the_model_stays_as_it_was():
    model = shaken(BLOCKS)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    made = changed(model, filter_scaled(model, "residual1.conv1", 0))
    shared = [name for name, module in made.named_children() if module is getattr(model, name)]
    assert shared == [name for name, _ in model.named_children() if name != "residual1"]
    assert not made.training
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name]), name


@pytest.mark.parametrize(
    "layer",
    ["conv1", "relu1", "residual1.conv1", "residual1.shortcut", "residual1", "bn", "separable1", "linear1"],
)
def test_the_importance_of_each_filter_is_that_of_a_network_without_it(layer):
    name = {"bn": "batch_norm1"}.get(layer, layer)
    model = shaken(BLOCKS, seed=4)
    if layer == "residual1.shortcut":
        with pytest.raises(ValueError, match=r"layer is 'residual1.shortcut'"):
            importance(model, BLOCKS, layer, IMAGES, LABELS)
        return
    shares: list[float] = []
    found = importance(model, BLOCKS, name, IMAGES, LABELS, progress=shares.append)
    whole = probabilities(model, IMAGES)
    right = np.arange(150), LABELS
    assert found.accuracy == pytest.approx((whole.argmax(1) == LABELS).mean())
    assert found.probability == pytest.approx(whole[right].mean(), abs=1e-6)
    module = model.get_submodule(name)
    for index in range(len(found.flipped)):
        copied = copy.deepcopy(model)

        def silence(_module, _given, output, index=index):
            output[:, index] = 0

        copied.get_submodule(name).register_forward_hook(silence)
        without = probabilities(copied, IMAGES)
        assert found.accuracy_change[index] == pytest.approx(
            (without.argmax(1) == LABELS).mean() - found.accuracy, abs=1e-9
        )
        assert found.probability_change[index] == pytest.approx(
            without[right].mean() - whole[right].mean(), abs=1e-6
        )
        assert found.flipped[index] == (without.argmax(1) != whole.argmax(1)).sum()
    assert not module._forward_hooks
    assert found.order()[0] == int(np.argmin(found.probability_change))
    assert shares == [128 / 150, 1.0]


def test_switching_a_filter_off_is_zeroing_its_map():
    model = shaken(BLOCKS)
    found = importance(model, BLOCKS, "conv1", IMAGES, LABELS)
    for index in range(4):
        without = with_changes(model, IMAGES, filter_scaled(model, "conv1", index))
        share = without[np.arange(150), LABELS].mean()
        assert found.probability + found.probability_change[index] == pytest.approx(share, abs=1e-6)


def test_wrong_arguments_are_refused():
    model = shaken(BLOCKS)
    with pytest.raises(ValueError, match=r"layer is 'relu1'; allowed is one of conv1, residual1.conv1,"):
        filter_scaled(model, "relu1", 0)
    with pytest.raises(ValueError, match=r"tensor is 'conv9.weight'; allowed is one of conv1.weight"):
        changed(model, [Change("conv9.weight", (0,))])
    with pytest.raises(
        ValueError, match=r"index is \(4,\); allowed is what conv1.weight of shape \(4, 1, 3, 3\) has"
    ):
        changed(model, [Change("conv1.weight", (4,))])
    with pytest.raises(ValueError, match=r"index is \(0, 0, 0, 0, 0\)"):
        changed(model, [Change("conv1.weight", (0,) * 5)])
    with pytest.raises(
        ValueError, match=r"offset is of shape \(2,\); allowed is a number, or of shape \(1, 3, 3\)"
    ):
        changed(model, [Change("conv1.weight", (0,), 0, [1, 2])])
    with pytest.raises(ValueError, match=r"labels is of shape \(3,\); allowed is one or more, \(150,\)"):
        importance(model, BLOCKS, "conv1", IMAGES, [0, 1, 2])
    with pytest.raises(ValueError, match="model is in training mode"):
        changed(model.train(), [])
