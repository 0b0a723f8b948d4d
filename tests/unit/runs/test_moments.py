"""The moments of a run whose weights are kept, and what its network answers at them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from cnn_core import files
from cnn_core.checkpoints import CheckpointError, load_weights
from cnn_core.data import datasets
from cnn_core.judge import metrics
from cnn_core.networks import shorthand
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.networks.layers import Flatten, Linear
from cnn_core.runs import history, kept_weights, records, travel
from cnn_core.runs.allowed import Allowed
from cnn_core.runs.execution import execute
from cnn_core.runs.moments import MOST_MOMENTS, Moment, moments
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer
from tests.support.made_runs import LINE, trained


@pytest.mark.parametrize(
    ("steps", "most", "expected"),
    [
        (1, 12, (0,)),
        (2, 12, (0, 1)),
        (11, 12, (0, 1, 2, 5, 10)),
        (422, 12, (0, 1, 2, 5, 10, 20, 50, 100, 200)),
        (422, 4, (0, 5, 20, 200)),
        (422, 2, (0, 200)),
        (422, 1, (0,)),
        (422, 0, ()),
    ],
)
def test_the_first_epoch_has_finer_steps(steps: int, most: int, expected: tuple[int, ...]) -> None:
    assert kept_weights.first_steps(steps, most) == expected


def test_no_more_of_them_than_asked_for_however_long_the_epoch() -> None:
    found = kept_weights.first_steps(54_000)
    assert len(found) == kept_weights.MOST_STEPS
    assert found[0] == 0
    assert list(found) == sorted(set(found))


def test_first_steps_take_the_room_that_the_epochs_leave() -> None:
    network = Architecture((1, 28, 28), (Flatten(), Linear(1000), Linear(10)), 10)
    settings = TrainSettings(epochs=3)
    weights = kept_weights.weights_bytes(network)
    whole = kept_weights.run_bytes(network, settings, 3)
    assert kept_weights.most_steps(network, settings, whole - 1) == 0
    assert kept_weights.most_steps(network, settings, whole) == 0
    assert kept_weights.most_steps(network, settings, whole + 2 * weights) == 2
    assert kept_weights.most_steps(network, settings, 10**12) == 12
    assert kept_weights.run_bytes(network, settings, 3, 2) == whole + 2 * weights
    assert Allowed(megabytes=1).steps_kept(network, settings) == 0
    assert Allowed().steps_kept(network, settings) == 12


@pytest.mark.usefixtures("one_thread")
def test_they_are_the_trainers_weights_at_that_batch_and_that_epoch(convlens_home: Path) -> None:
    run = trained(epochs=2, batch_size=128, device="cpu")
    found = moments(run)
    steps = run.steps_per_epoch
    assert [one.place for one in found] == ["0.0", "0.1", "0.2", "0.5", "0.10", "1.0", "2.0"]
    assert [one.words for one in found][:2] == ["untrained", "after 1 batch of epoch 1"]
    assert [one.words for one in found][4:] == [
        "after 10 batches of epoch 1",
        "after epoch 1",
        "after epoch 2",
    ]
    trainer = Trainer(run.architecture, run.settings, datasets.load("digits"))
    expected = {0: trainer.weights()}
    for epoch in range(2):
        for _ in trainer.steps():
            expected[epoch * steps + trainer.step] = trainer.weights()
        trainer.end_epoch(run.epochs[epoch]["validation_loss"] or 0.0)
    for one in found:
        weights = load_weights(one.file)
        told = expected[one.batches(steps)]
        assert weights.keys() == told.keys()
        assert all(torch.equal(weights[name], told[name]) for name in told), one.place


@pytest.mark.usefixtures("one_thread")
def test_a_run_that_is_killed_and_resumed_keeps_those_of_the_batches_it_did_again(
    convlens_home: Path,
) -> None:
    architecture = Architecture((1, 28, 28), shorthand.from_text(LINE), 10)
    settings = TrainSettings(dataset="digits", epochs=1, batch_size=128, device="cpu")
    whole = execute(records.create(architecture, settings, "whole"))
    path = records.create(architecture, settings, "killed")
    batches = [0]

    def pause_then_die() -> None:
        batches[0] += 1
        if batches[0] == 7:
            raise KeyboardInterrupt  # as a signal ends it: nothing is saved any more

    with pytest.raises(KeyboardInterrupt):
        execute(path, pause_then_die)
    (path / records.STEPS / ".000005.safetensors.nobody.1.part").write_bytes(b"half")
    (path / records.STEPS / "000010.safetensors").write_bytes(b"of a training that got further, once")
    batches[0] = 0

    def look() -> None:
        batches[0] += 1
        there = {one.place for one in moments(history.read(path))}
        assert there == {place for place in expected if int(place[2:]) <= batches[0]}

    expected = [one.place for one in moments(whole) if not one.epoch]
    run = execute(path, look)
    assert run.status == "finished"
    assert list((path / records.STEPS).glob(".*")) == []
    for one, other in zip(moments(run), moments(whole), strict=True):
        assert one.file.read_bytes() == other.file.read_bytes(), one.place


def test_what_a_run_of_old_or_a_damaged_folder_keeps(convlens_home: Path) -> None:
    run = trained(epochs=2, train_limit=128, device="cpu")
    for file in (run.path / records.STEPS).iterdir():
        file.unlink()
    (run.path / records.STEPS).rmdir()
    assert [one.place for one in moments(run)] == ["1.0", "2.0"]
    (run.path / records.STEPS).mkdir()
    (run.path / records.STEPS / "000000.safetensors").mkdir()
    (run.path / records.STEPS / "notes.safetensors").write_bytes(b"")
    (run.path / records.EPOCHS / "003.safetensors").write_bytes(b"")  # not told: it is done again
    assert [one.place for one in moments(run)] == ["1.0", "2.0"]
    many = [{**run.epochs[0], "epoch": epoch, "best": epoch == 40} for epoch in range(60)]
    for epoch in range(60):
        records.epoch_weights(run.path, epoch).write_bytes(b"")
    found = moments(replace(run, epochs=tuple(many)))
    assert len(found) <= MOST_MOMENTS
    assert {"1.0", "41.0", "60.0"} <= {one.place for one in found}


def torch_at(architecture: Architecture, one: Moment) -> torch.nn.Sequential:
    model = build(architecture)
    model.load_state_dict(load_weights(one.file))
    return model.eval()


@pytest.mark.parametrize(
    ("line", "layer"),
    [
        (LINE, "conv1"),
        (LINE, "conv2"),
        (LINE, "linear1"),
        ("conv4-bn-relu-residual4-pool-flatten-linear10", "residual1"),
    ],
)
def test_filters_maps_and_answers_are_torchs_with_these_weights(
    line: str, layer: str, convlens_home: Path
) -> None:
    run = trained(line, epochs=1, train_limit=256, batch_size=32, device="cpu")
    found = moments(run)
    data = datasets.load("digits")
    image = np.ascontiguousarray(np.moveaxis(data.x_test[3], -1, 0), np.float32) / np.float32(255)
    assert layer in travel.layers(run.architecture)
    followed = travel.follow(run.architecture, found, layer, 1 if layer == "conv2" else 0, image)
    for place, one in enumerate(found):
        model = torch_at(run.architecture, one)
        weight = dict(model.named_parameters())[f"{followed.owner}.weight"].detach().numpy()
        if layer == "conv2":
            np.testing.assert_array_equal(followed.kernels[place], weight[:, 1])
        elif layer.startswith("linear"):
            assert abs(followed.kernels[place]).max() == abs(weight).max()
        else:
            few = weight.reshape(-1, *weight.shape[2:]) if weight.shape[1] <= 3 else weight[:, 0]
            np.testing.assert_array_equal(followed.kernels[place], few)
        value = torch.from_numpy(image[None])
        with torch.inference_mode():
            for name, module in model.named_children():
                value = module(value.clone())
                if name == layer:
                    answer = value[0].reshape(followed.outputs, *followed.maps.shape[2:]).numpy()
                    np.testing.assert_allclose(followed.maps[place], answer, rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(
                followed.answers[place], value.softmax(1)[0].numpy(), rtol=1e-4, atol=1e-6
            )


def test_the_confusion_is_that_of_the_weights_at_each_moment(convlens_home: Path) -> None:
    run = trained(epochs=2, batch_size=64, device="cpu")
    data = datasets.load("digits")
    images = travel.images_read(run.architecture, len(data.x_test))
    assert images == len(data.x_test)
    judged = [travel.judge(run.architecture, one, data.x_test, data.y_test) for one in moments(run)]
    for one, said in zip(moments(run), judged):
        model = torch_at(run.architecture, one)
        with torch.inference_mode():
            logits = model(torch.from_numpy(np.moveaxis(data.x_test, -1, 1).astype(np.float32) / 255))
        expected = metrics.confusion_matrix(data.y_test, logits.argmax(1).numpy(), 10)
        np.testing.assert_array_equal(said.matrix, expected)
        labels = torch.from_numpy(data.y_test.astype(np.int64))
        loss = torch.nn.functional.cross_entropy(logits, labels)
        assert said.loss == pytest.approx(float(loss), rel=1e-4)
        assert said.accuracy == np.trace(expected) / len(data.y_test)
    assert judged[0].accuracy < 0.4 < judged[-1].accuracy
    assert run.test is not None
    best = max(epoch["epoch"] for epoch in run.epochs if epoch["best"]) + 1
    (at_best,) = (said for one, said in zip(moments(run), judged) if one.epoch == best)
    assert at_best.matrix.tolist() == run.test["confusion_matrix"]


def test_a_network_that_multiplies_much_reads_fewer_images() -> None:
    small = Architecture((1, 28, 28), shorthand.from_text(LINE), 10)
    large = Architecture((3, 32, 32), shorthand.from_text("conv128-conv128-flatten-linear10"), 10)
    assert travel.images_read(small, 10_000) == 1000
    assert travel.images_read(small, 300) == 300
    assert travel.images_read(large, 10_000) == 100


def test_damaged_weights_and_those_that_give_no_numbers_say_so(convlens_home: Path) -> None:
    run = trained(epochs=1, train_limit=128, device="cpu")
    first = moments(run)[0]
    data = datasets.load("digits")
    weights = load_weights(first.file)
    weights["conv1.weight"][0] = float("nan")
    files.write_tensors(first.file, weights)
    with pytest.raises(CheckpointError, match="gives no numbers untrained"):
        travel.judge(run.architecture, first, data.x_test[:5], data.y_test[:5])
    with pytest.raises(CheckpointError, match="gives no numbers"):
        travel.follow(run.architecture, [first], "conv1", 0, np.zeros((1, 28, 28), np.float32))
    first.file.write_bytes(b"no weights")
    with pytest.raises(CheckpointError, match="damaged"):
        travel.judge(run.architecture, first, data.x_test[:5], data.y_test[:5])
    with pytest.raises(ValueError, match="layer is 'relu1'"):
        travel.follow(run.architecture, moments(run)[1:], "relu1", 0, np.zeros((1, 28, 28), np.float32))
