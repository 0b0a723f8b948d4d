"""The network as ONNX: another program that knows no torch gives the same logits."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import torch

from cnn_core import checkpoints
from cnn_core.runs import onnx_file
from tests.support.made_runs import trained

MISSING = [name for name in (*onnx_file.NEEDED, "onnxruntime") if importlib.util.find_spec(name) is None]


@pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)}: pip install -r requirements-onnx.txt")
def test_onnxruntime_answers_as_torch_does(one_thread: None) -> None:
    import onnxruntime

    run = trained(
        "conv8-bn-relu-pool-residual8-pool-separable8-flatten-dropout-linear10", epochs=1, train_limit=200
    )
    session = onnxruntime.InferenceSession(onnx_file.export(run.path))
    images = torch.rand(5, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    (answers,) = session.run([onnx_file.OUTPUT], {onnx_file.INPUT: images.numpy()})
    with torch.inference_mode():
        expected = checkpoints.load(run.path).model(images).numpy()
    np.testing.assert_allclose(answers, expected, rtol=1e-4, atol=1e-4)


def test_without_the_packages_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "NEEDED", ("no_such_package",))
    assert not onnx_file.available()
    with pytest.raises(onnx_file.OnnxError, match=r"pip install -r requirements-onnx\.txt"):
        onnx_file.export(Path("anywhere"))


def test_what_cannot_be_exported_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_file, "NEEDED", ())
    with pytest.raises(onnx_file.OnnxError, match="could not be written"):
        onnx_file.export(tmp_path)
