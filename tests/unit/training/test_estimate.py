"""How long a training will take: the sum, worked out by hand, and what it grows with."""

from dataclasses import replace

import pytest

from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.training import estimate
from cnn_core.training.estimate import START_SECONDS, Images, run_seconds, training_seconds
from cnn_core.training.settings import TrainSettings

NETWORK = Architecture((1, 28, 28), shorthand.from_text("conv8-relu-pool2-flatten-linear10"), 10)
IMAGES = Images(training=1000, test=200)
SETTINGS = TrainSettings(dataset="mnist", device="cpu", epochs=2, batch_size=100)


def test_it_is_steps_and_scored_images_times_what_each_costs() -> None:
    macs, values, parameters = NETWORK.macs, NETWORK.activation_values, NETWORK.parameters
    assert (macs, parameters, len(NETWORK.layers)) == (62_192, 13_610, 5)
    step = 0.00051 + 5 * 0.00024
    step += 100 * macs * 9.2e-12 + 100 * values * 1.6e-9 + parameters * 2.3e-9
    scored = 4e-6 + macs * 4.3e-12 + values * 6.5e-10
    epochs = 2 * (9 * step + 100 * scored)  # 900 of the 1,000 images are trained on, 100 held out
    assert training_seconds(NETWORK, SETTINGS, IMAGES) == pytest.approx(epochs)
    whole = START_SECONDS + 3 * (epochs + 2 * 200 * scored)
    assert run_seconds(NETWORK, SETTINGS, IMAGES, slowness=3.0) == pytest.approx(whole)


def test_fewer_epochs_fewer_images_and_a_smaller_network_take_less() -> None:
    large = Architecture((1, 28, 28), shorthand.from_text("conv32-conv64-flatten-linear10"), 10)
    long = training_seconds(large, SETTINGS, IMAGES)
    assert training_seconds(large, replace(SETTINGS, epochs=1), IMAGES) == pytest.approx(long / 2)
    few = replace(SETTINGS, train_limit=100, validation_fraction=0.0)
    assert training_seconds(large, few, IMAGES) < long / 5
    assert training_seconds(NETWORK, SETTINGS, IMAGES) < long / 5


def test_a_last_batch_of_one_image_is_left_out_as_in_training() -> None:
    none_held_out = replace(SETTINGS, validation_fraction=0.0, epochs=1)
    one = training_seconds(NETWORK, none_held_out, Images(100, 0))
    assert training_seconds(NETWORK, none_held_out, Images(101, 0)) == one
    assert training_seconds(NETWORK, none_held_out, Images(102, 0)) == pytest.approx(2 * one)


def test_a_gpu_has_figures_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimate.machine, "gpus", lambda: ("a GPU",))
    heavy = Architecture((3, 32, 32), shorthand.from_text("conv256-conv256-flatten-linear10"), 10)
    on_cpu = training_seconds(heavy, SETTINGS, IMAGES)
    assert training_seconds(heavy, replace(SETTINGS, device="auto"), IMAGES) < on_cpu / 20
