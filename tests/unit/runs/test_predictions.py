"""A finished run's answers to the test images are those that its weights give, and are not believed where they lie."""

import os
from pathlib import Path

import numpy as np
import pytest

from cnn_core import checkpoints, files
from cnn_core.data import datasets
from cnn_core.inside.forward import probabilities
from cnn_core.judge import metrics
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnn_core.runs import history, predictions, records
from cnn_core.runs.execution import execute
from cnn_core.training.settings import TrainSettings

NETWORK = Architecture((1, 28, 28), (Conv2d(4), ReLU(), MaxPool2d(4), Flatten(), Linear(10)), 10)


@pytest.fixture
def path() -> Path:
    path = records.create(NETWORK, TrainSettings(dataset="digits", epochs=1))
    execute(path)
    return path


def test_what_is_stored_is_what_the_network_answers_and_what_the_scores_count(path: Path) -> None:
    data = datasets.load("digits")
    stored = predictions.read(path, len(data.y_test), 10)
    assert stored is not None
    np.testing.assert_allclose(stored, probabilities(checkpoints.load(path).model, data.x_test), atol=1e-5)
    test = history.read(path).test
    assert test is not None
    matrix = metrics.confusion_matrix(data.y_test, stored.argmax(1), 10)
    np.testing.assert_array_equal(matrix, test["confusion_matrix"])
    assert metrics.accuracy(matrix) == pytest.approx(test["accuracy"])
    assert metrics.macro_f1(matrix) == pytest.approx(test["macro_f1"])


def test_answers_that_are_no_answers_are_none(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = len(datasets.load("digits").y_test)
    file = path / records.PREDICTIONS
    assert predictions.read(path, images + 1, 10) is None
    assert predictions.read(path, images, 11) is None
    sound = file.read_bytes()
    for wrong in (np.full((images, 10), np.nan, np.float32), np.full((images, 10), 2, np.float32)):
        predictions.write(path, wrong)
        assert predictions.read(path, images, 10) is None
    for damage in (b"", sound[:100], b"\x80" * 50):
        file.write_bytes(damage)
        assert predictions.read(path, images, 10) is None
    file.write_bytes(sound)
    assert predictions.read(path, images, 10) is not None
    later = file.stat().st_mtime + 10  # other weights than those that gave them
    os.utime(path / records.BEST, (later, later))
    assert predictions.read(path, images, 10) is None
    files.remove(file)
    monkeypatch.setattr(predictions, "MOST_BYTES", 100)
    predictions.write(path, np.zeros((images, 10), np.float32))
    assert not file.exists()
