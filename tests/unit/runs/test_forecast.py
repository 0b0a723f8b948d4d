"""What a training will take, in words; from when on it may not begin; and that the files of a dataset are counted."""

import numpy as np
import pytest

from cnn_core.data import catalog
from cnn_core.limits import Limits
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.networks.presets import PRESETS
from cnn_core.runs import forecast, kept_weights, speed
from cnn_core.runs.forecast import Forecast, duration
from cnn_core.training.estimate import Images, run_seconds
from cnn_core.training.settings import TrainSettings

MOST = Limits(minutes=30.0, run_mb=400)


def of(seconds: float, measured: bool = True, megabytes: float = 20) -> Forecast:
    return Forecast(seconds, measured, int(megabytes * 1e6), int(megabytes * 1e6))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (19.7, "20 s"),
        (54, "54 s"),
        (56, "1 min"),
        (5999, "100 min"),
        (6000, "2 h"),
        (5e6, "1,389 h"),
    ],
)
def test_a_time_is_said_in_its_largest_unit(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_within_the_limit_it_is_told() -> None:
    assert of(360).refusal(MOST) == ""
    assert of(360).words(MOST) == "About 6 min on this machine."
    assert of(360, measured=False).words(MOST) == (
        "About 6 min on a slow machine; this one is not measured yet."
    )


def test_up_to_twice_the_limit_it_may_begin_and_is_told_how_it_will_end() -> None:
    assert of(3599).refusal(MOST) == ""
    assert of(2700).words(MOST) == (
        "About 45 min on this machine; at most 30 min here: it will be stopped then, with its best weights."
    )


def test_far_above_the_limit_it_may_not_begin_and_is_told_what_to_do() -> None:
    assert of(140 * 3600).refusal(MOST) == (
        "About 140 h on this machine; at most 30 min here: take fewer epochs, fewer images or a smaller network."
    )


def test_a_run_whose_least_files_do_not_fit_may_not_begin() -> None:
    assert of(5, megabytes=400).refusal(MOST) == ""
    assert of(5, megabytes=501).refusal(MOST) == (
        "It would need 501 MB of disk; at most 400 MB a run here. Take a network with fewer parameters."
    )


def test_it_is_made_of_the_machines_speed_the_datasets_size_and_what_is_kept() -> None:
    network = Architecture((1, 28, 28), (Flatten(), Linear(10)), 10)
    settings = TrainSettings(dataset="mnist", epochs=50)
    images = Images(60_000, 10_000)
    expected = forecast.forecast(network, settings)
    assert (expected.seconds, expected.measured) == (run_seconds(network, settings, images, 3.0), False)
    assert expected.bytes == kept_weights.run_bytes(network, settings, 12, 12)
    assert expected.least == kept_weights.run_bytes(network, settings, 1)
    speed.note(1.0, 1.25)
    again = forecast.forecast(network, settings)
    assert (again.seconds, again.measured) == (run_seconds(network, settings, images, 1.25), True)


def test_the_images_of_own_arrays_are_counted() -> None:
    folder = catalog.info("mnist").folder
    folder.mkdir(parents=True)
    np.save(folder / "x_train.npy", np.zeros((123, 28, 28, 1), np.uint8))
    np.save(folder / "x_test.npy", np.zeros((45, 28, 28, 1), np.uint8))
    assert forecast.images("mnist") == Images(123, 45)
    assert forecast.images("cifar10") == Images(50_000, 10_000)
    assert forecast.images("digits") == Images(1442, 355)
    assert forecast.images("no dataset") == Images(0, 0)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_may_train_with_the_settings_that_a_page_begins_with(name: str) -> None:
    for dataset in ("mnist", "fashion_mnist", "cifar10"):
        info = catalog.info(dataset)
        height, width, channels = info.shape
        network = PRESETS[name].architecture((channels, height, width), len(info.classes))
        expected = forecast.forecast(network, TrainSettings(dataset=dataset))
        assert expected.refusal(Limits()) == ""
        assert "stopped" not in expected.words(Limits())
