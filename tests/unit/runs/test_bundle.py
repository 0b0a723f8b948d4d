"""A run as one file: it loads as the network that it was, its curves are the run's, its owner is nobody's business."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
import torch

from cnn_core import checkpoints
from cnn_core.runs import about, bundle, history, onnx_file, records
from cnn_core.runs.ownership import owner_of
from tests.support.made_runs import made, trained


def test_it_loads_as_the_network_that_it_was(tmp_path: Path, one_thread: None) -> None:
    owner = owner_of("somebody")
    run = trained("conv8-relu-pool-flatten-linear10", owner, epochs=2, train_limit=200)
    about.change(run.path, note="two epochs,\nno more")
    run = history.read(run.path)
    file = ZipFile(BytesIO(bundle.bundle(run)))
    assert file.testzip() is None
    file.extractall(tmp_path)
    images = torch.rand(3, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = checkpoints.load(run.path).model(images)
        torch.testing.assert_close(checkpoints.load(tmp_path).model(images), expected)
    epochs = pd.read_csv(tmp_path / bundle.EPOCHS)
    assert epochs["loss"].tolist() == pytest.approx([epoch["loss"] for epoch in run.epochs])
    assert epochs["gradient_norms.conv1"].tolist() == pytest.approx(
        [epoch["gradient_norms"]["conv1"] for epoch in run.epochs]
    )
    assert len(pd.read_csv(tmp_path / bundle.BATCHES)) == len(run.batches)
    settings = json.loads((tmp_path / bundle.SETTINGS).read_text("utf-8"))
    assert settings["settings"] == run.settings.to_dict()
    assert settings["note"] == "two epochs,\nno more"
    scores = json.loads((tmp_path / bundle.SCORES).read_text("utf-8"))
    assert scores == run.test
    everything = b"".join(file.read(name) for name in file.namelist())
    assert owner.encode() not in everything
    assert str(records.runs_home()).encode() not in everything
    readme = (tmp_path / bundle.README).read_text("utf-8")
    assert all(f"{name}: " in readme for name in file.namelist() if name != bundle.README)


def test_a_run_that_learned_nothing_has_what_there_is(tmp_path: Path) -> None:
    file = ZipFile(BytesIO(bundle.bundle(made(status="failed", reason="why"))))
    assert set(file.namelist()) == {
        bundle.SETTINGS,
        bundle.NETWORK,
        bundle.EPOCHS,
        bundle.BATCHES,
        bundle.README,
    }
    with pytest.raises(onnx_file.OnnxError, match="without weights"):
        bundle.bundle(made(), onnx=True)


def test_its_name_is_one_that_every_disk_takes() -> None:
    assert bundle.file_name("made") == "convlens-made.zip"
