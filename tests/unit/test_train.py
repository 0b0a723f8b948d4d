"""The command line: the same training, its scores, its refusals; on the real MNIST where it is there."""

from pathlib import Path

import pytest

from cnn_core import checkpoints, train
from cnn_core.training import memory

QUICK = ["--dataset", "digits", "--preset", "lenet5", "--epochs", "1", "--train-limit", "200"]


def test_it_trains_scores_and_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, export = tmp_path / "run", tmp_path / "models" / "mine"
    assert train.main([*QUICK, "--out", str(out), "--export", str(export)]) == 0
    card = checkpoints.load(export).card
    assert card.test is not None
    assert (
        f"accuracy {card.test['accuracy']:.4f}, macro F1 {card.test['macro_f1']:.4f}"
        in capsys.readouterr().out
    )
    assert card.name == "mine"
    assert card.command == "python -m cnn_core.train " + " ".join(QUICK)


def test_it_refuses_a_folder_with_a_run_and_settings_out_of_range(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main([*QUICK, "--out", str(tmp_path / "run")]) == 0
    assert train.main([*QUICK, "--out", str(tmp_path / "run")]) == 2
    assert "already holds a run" in capsys.readouterr().err
    assert train.main([*QUICK, "--learning-rate", "-1"]) == 2
    assert "learning_rate is -1" in capsys.readouterr().err


def test_it_refuses_batches_that_take_too_much_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of the presets none is large enough for the real limit with the largest batch that settings allow.
    monkeypatch.setattr(memory, "MAX_BATCH_VALUES", 1_000_000)
    words = ["--dataset", "digits", "--preset", "lenet5", "--out", str(tmp_path / "run")]
    assert train.main([*words, "--batch-size", "128"]) == 2
    # 15,002 values an image: 1,000,000 / 15,002 = 66.7
    sentence = "A batch of 128 would need too much memory for this network; at most 66."
    assert capsys.readouterr().err == f"error: {sentence}\n"
    assert not (tmp_path / "run").exists()


def test_a_missing_dataset_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["--dataset", "mnist"]) == 1
    assert "MNIST" in capsys.readouterr().err


@pytest.mark.datasets
@pytest.mark.usefixtures("mnist_home")
def test_one_epoch_on_mnist_reaches_macro_f1_of_098_and_a_seed_repeats_its_scores(tmp_path: Path) -> None:
    words = [
        "--dataset",
        "mnist",
        "--preset",
        "mnist-3conv",
        "--epochs",
        "1",
        "--seed",
        "0",
        "--device",
        "cpu",
    ]
    tests = []
    for name in ("first", "second"):
        assert train.main([*words, "--out", str(tmp_path / name)]) == 0
        tests.append(checkpoints.read_card(tmp_path / name).test)
    assert tests[0] == tests[1]
    assert tests[0] is not None
    assert tests[0]["macro_f1"] >= 0.98
