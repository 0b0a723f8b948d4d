"""The small runs: one change each, the same again with the same seed, and the shipped file tells what it holds."""

from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from cnn_core.data import datasets
from cnn_core.networks import repairs
from cnn_core.networks.building import build
from cnn_core.operations.losses import twice_softmax_floor
from cnn_core.studies import train_overfitting
from cnn_core.studies.overfitting import (
    EXPERIMENTS,
    STUDY_FILE,
    History,
    StudyError,
    StudyRun,
    WeightHistogram,
    read_study,
)

DIGITS = datasets.load("digits")


def run(name: str, epochs: int, seed: int) -> History:
    """A short run of an experiment on 64 digits."""
    changes = {"dataset": "digits", "epochs": epochs, "train_limit": 64, "seed": seed}
    settings = replace(EXPERIMENTS[name].settings, validation_fraction=0.5, **changes)
    return train_overfitting.train(EXPERIMENTS[name], settings, DIGITS)[0]


def test_every_experiment_builds_and_the_baseline_has_no_extra_layer() -> None:
    for experiment in EXPERIMENTS.values():
        assert repairs.problems(experiment.architecture((1, 28, 28), 10)) == ()
    baseline = EXPERIMENTS["baseline"].architecture((1, 28, 28), 10)
    names = "conv1 relu1 pool1 conv2 relu2 pool2 flatten1 linear1 relu3 linear2"
    assert " ".join(baseline.names) == names
    # (1·9 + 1)·16 + (16·9 + 1)·32 + (32·7·7 + 1)·128 + (128 + 1)·10
    assert baseline.parameters == 160 + 4640 + 200_832 + 1290


def test_every_experiment_differs_from_the_baseline_in_one_thing() -> None:
    baseline = EXPERIMENTS["baseline"]
    for experiment in EXPERIMENTS.values():
        layers = experiment.architecture((1, 28, 28), 10) != baseline.architecture((1, 28, 28), 10)
        changed = [
            name
            for name, value in asdict(experiment.settings).items()
            if value != asdict(baseline.settings)[name]
        ]
        assert len(changed) + layers == (experiment != baseline), experiment.name


def test_the_same_seed_gives_the_same_run_and_it_learns() -> None:
    first, again, other = run("augmented", 3, 1), run("augmented", 3, 1), run("augmented", 3, 2)
    assert first == again != other
    assert first.training_loss[-1] < first.training_loss[0]
    assert len(first.validation_accuracy) == 3


def test_softmax_twice_minimizes_a_loss_that_cannot_reach_0() -> None:
    history = run("softmax-twice", 2, 0)
    assert min(history.running_loss) >= twice_softmax_floor(10)


def test_histograms_count_every_weight() -> None:
    model = build(EXPERIMENTS["baseline"].architecture((1, 28, 28), 10), 0)
    with torch.no_grad():
        model.conv1.weight.fill_(9.0)  # beyond the histogram's limit
    histograms = train_overfitting.weight_histograms(model)
    assert [h.layer for h in histograms] == ["conv1", "conv2", "linear1", "linear2"]
    assert [sum(h.counts) for h in histograms] == [144, 4608, 200_704, 1280]
    assert histograms[0].counts[-1] == 144
    assert histograms[0].norm == pytest.approx(9 * np.sqrt(144))


def test_a_histogram_knows_where_its_weights_lie() -> None:
    histogram = WeightHistogram("conv1", -0.4, 0.4, (1, 10, 80, 9), norm=1.0)
    assert histogram.edges == pytest.approx((-0.4, -0.2, 0, 0.2, 0.4))
    assert histogram.reach(0.5) == pytest.approx(0.2)
    assert histogram.reach(0.95) == pytest.approx(0.4)


def test_means_go_over_the_seeds_epoch_by_epoch() -> None:
    def history(loss):
        return History(loss, (0.5, 1.0), loss, (0.5, 1.0), (1.0, 1.0), (0.5, 1.0))

    means = StudyRun("a", {0: history((3.0, 0.0)), 1: history((2.0, None))}, ())
    assert means.mean("running_loss") == (2.5, None)
    assert means.epochs_validation_below_running() == 1
    assert means.final("validation_loss") == (1, 1, 1)
    with pytest.raises(ValueError, match="without a finite value"):
        means.final("running_loss")


def test_the_command_writes_what_read_study_reads(tmp_path) -> None:
    arguments = f"--out {tmp_path} --dataset digits --images 40 --epochs 1 --seeds 3".split()
    assert train_overfitting.main(arguments) == 0
    study = read_study(tmp_path / "runs.json")
    assert list(study.runs) == list(EXPERIMENTS)
    assert list(study.runs["dropout"].histories) == [3]
    assert (study.training_images, study.epochs, study.dataset) == (40, 1, "digits")


def test_too_many_images_is_a_sentence(tmp_path, capsys) -> None:
    assert train_overfitting.main(f"--out {tmp_path} --dataset digits --images 1400".split()) == 1
    assert "images is 1400" in capsys.readouterr().err


def test_the_shipped_runs_show_overfitting_and_its_cures() -> None:
    study = read_study()
    assert study.command == "python -m cnn_core.studies.train_overfitting --out models/overfitting"
    assert (study.dataset, study.training_images) == ("mnist", 300)
    assert STUDY_FILE.stat().st_size < 100_000
    baseline = study.runs["baseline"]
    assert baseline.final("training_accuracy") == (1, 1, 1)
    for cure in ("dropout", "batch-norm", "decay-0.003", "augmented"):
        assert study.runs[cure].final("validation_loss")[0] < baseline.final("validation_loss")[0]
    for mistake in ("flipped", "softmax-twice"):
        accuracy = study.runs[mistake].final("validation_accuracy")[0]
        assert accuracy < baseline.final("validation_accuracy")[0] - 0.05
    norms = [[h.norm for h in study.runs[name].weights] for name in ("baseline", "decay-0.003", "decay-0.01")]
    assert norms[0] > norms[1] > norms[2]
    with pytest.raises(ValueError, match="quantity is 'loss'"):
        baseline.final("loss")


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"runs": {"a": 1}}', b"\xff\xfe"])
def test_a_missing_or_damaged_file_is_a_sentence(tmp_path, content) -> None:
    path = tmp_path / "runs.json"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(StudyError, match=r"python -m cnn_core\.studies\.train_overfitting"):
        read_study(path)
