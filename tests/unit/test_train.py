"""The command line: the same training, its scores, its refusals; on the real MNIST where it is there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_core import checkpoints, train
from cnn_core.judge.guessing import no_better_than_guessing
from cnn_core.networks import shorthand
from cnn_core.runs import history, records
from cnn_core.runs.inbox import Inbox
from cnn_core.training import memory
from tests.support.thread_launcher import wait

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
    assert card.command == " ".join(["python -m cnn_core.train", *QUICK[:6], "--seed 0", *QUICK[6:]])


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


def test_a_network_is_a_line_of_layers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--dataset", "digits", "--epochs", "1", "--train-limit", "100", "--out", str(tmp_path / "run")]
    assert train.main([*words, "--network", "conv2-flattn"]) == 2
    assert capsys.readouterr().err.startswith("error: “flattn” is no layer")
    assert train.main([*words, "--network", "conv2-conv2"]) == 2
    assert "does not end in one output" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
    assert train.main([*words, "--network", "conv2-flatten-linear10"]) == 0
    layers = checkpoints.read_card(tmp_path / "run").architecture.layers
    assert shorthand.to_text(layers) == "conv2-flatten-linear10"


def test_a_training_that_diverges_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "--dataset",
        "digits",
        "--network",
        "conv8-conv8-conv8-conv8-flatten-linear10",
        "--optimizer",
        "sgd",
    ]
    words += ["--learning-rate", "10000", "--schedule", "constant", "--train-limit", "100", "--epochs", "2"]
    assert train.main([*words, "--device", "cpu", "--out", str(tmp_path / "run")]) == 1
    captured = capsys.readouterr()
    assert captured.err.splitlines()[-1] == (
        "error: The loss stopped being a number after epoch 2: the weights grew until they overflowed."
        " Lower the learning rate from 10000 to 1000 and try again."
    )
    assert "test:" not in captured.out


def test_scores_no_better_than_guessing_are_called_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--dataset", "digits", "--network", "conv4-relu-flatten-linear10", "--optimizer", "sgd"]
    words += ["--learning-rate", "100", "--train-limit", "100", "--epochs", "3", "--device", "cpu"]
    assert train.main([*words, "--out", str(tmp_path / "run")]) == 0
    (note,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("note: "))
    scores = checkpoints.read_card(tmp_path / "run").test
    assert scores is not None
    assert note == f"note: {no_better_than_guessing(scores, 100)}"
    assert "Lower the learning rate from 100 to 10" in note


def test_a_missing_dataset_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main(["--dataset", "mnist"]) == 1
    assert "MNIST" in capsys.readouterr().err


def test_a_run_that_was_cut_short_goes_on_with_resume(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--dataset", "digits", "--preset", "lenet5", "--epochs", "2", "--train-limit", "200"]
    assert train.main([*words, "--out", str(tmp_path / "whole")]) == 0
    out = tmp_path / "a run"
    inbox = Inbox()
    inbox.put({"do": "hangup", "reason": "Asked to end. Nothing is lost."})
    assert train.main([*words, "--out", str(out)], inbox) == 1
    errors = capsys.readouterr().err
    assert "error: Asked to end. Nothing is lost." in errors
    assert f"--out '{out}' --resume" in errors
    assert train.main([*words, "--out", str(out)]) == 2  # not begun anew over what is there
    assert "go on with it: --resume" in capsys.readouterr().err
    with records.lock(out):
        assert train.main(["--out", str(out), "--resume"]) == 2
    assert "another process has the run" in capsys.readouterr().err
    assert train.main(["--out", str(out), "--resume"]) == 0
    assert checkpoints.read_card(out).test == checkpoints.read_card(tmp_path / "whole").test


@pytest.mark.skipif(os.name == "nt", reason="there a process can be ended, but not asked to end")
def test_ctrl_c_saves_the_run_between_two_batches(tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ["--dataset", "digits", "--preset", "lenet5", "--epochs", "200", "--out", str(out)]
    command = [sys.executable, "-m", "cnn_core.train", *words]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    wait(lambda: out.is_dir() and (out / records.SPEC).is_file() and bool(history.read(out).epochs), 300)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == 1
    assert "asked to end (SIGINT). Nothing is lost" in errors
    assert f"go on with it: --out {out} --resume" in errors
    run = history.read(out)
    assert run.resumable
    assert (out / records.RESUME).is_file()


def test_a_killed_run_can_be_resumed_too(tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert train.main([*QUICK, "--out", str(out)]) == 0
    test = checkpoints.read_card(out).test
    lines = (out / records.EVENTS).read_text().splitlines(keepends=True)
    (out / records.EVENTS).write_text(lines[0])  # started, and nothing more: `kill -9` says nothing
    half = out / "epochs" / ".001.safetensors.here.1.part"
    half.write_bytes(b"half")
    assert train.main([*QUICK, "--out", str(out), "--resume"]) == 0
    assert checkpoints.read_card(out).test == test
    assert not half.exists()


def test_what_cannot_be_resumed_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert train.main([*QUICK, "--out", str(tmp_path / "run")]) == 0
    assert train.main(["--out", str(tmp_path / "run"), "--resume"]) == 2
    assert "is finished; only one that was paused or cut short" in capsys.readouterr().err
    assert train.main(["--out", str(tmp_path / "none"), "--resume"]) == 2
    assert "there is no run 'none'" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    assert train.main(["--resume"]) == 2
    assert "name it with --out" in capsys.readouterr().err


@pytest.mark.datasets
@pytest.mark.usefixtures("mnist_home")
def test_one_epoch_on_mnist_reaches_macro_f1_of_098(tmp_path: Path) -> None:
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
    assert train.main([*words, "--out", str(tmp_path / "run")]) == 0
    test = checkpoints.read_card(tmp_path / "run").test
    assert test is not None
    assert test["macro_f1"] >= 0.98


@pytest.mark.datasets
@pytest.mark.usefixtures("mnist_home")
def test_a_seed_repeats_the_scores_on_mnist(tmp_path: Path) -> None:
    words = ["--dataset", "mnist", "--preset", "mnist-3conv", "--epochs", "1", "--train-limit", "2000"]
    tests = []
    for name in ("first", "second"):
        assert train.main([*words, "--seed", "0", "--device", "cpu", "--out", str(tmp_path / name)]) == 0
        tests.append(checkpoints.read_card(tmp_path / name).test)
    assert tests[0] is not None
    assert tests[0] == tests[1]
