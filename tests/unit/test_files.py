"""Files that are never half there."""

import errno
import json
from pathlib import Path

import pytest
import torch

from cnn_core import files
from cnn_core.checkpoints import load_weights


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    files.write_json(tmp_path / "a.json", {"ß": [1, 2.5, None]})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"ß": [1, 2.5, None]}
    weights = {"weight": torch.arange(6.0).reshape(2, 3)}
    files.write_tensors(tmp_path / "w.safetensors", weights, {"note": "x"})
    assert torch.equal(load_weights(tmp_path / "w.safetensors")["weight"], weights["weight"])


def test_a_writing_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    files.write_json(target, "old")

    def fail() -> None:
        with files.replacing(target) as part:
            part.write_text("half of the n", encoding="utf-8")
            raise OSError(errno.ENOSPC, "no space left on device")

    with pytest.raises(OSError, match="no space") as failed:
        fail()
    assert failed.value.errno == errno.ENOSPC
    assert json.loads(target.read_text(encoding="utf-8")) == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_what_is_no_json_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        files.write_json(tmp_path / "a.json", {1, 2})
    assert list(tmp_path.iterdir()) == []


def test_the_home_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONVLENS_HOME", str(tmp_path))
    assert files.home() == tmp_path
    monkeypatch.setenv("CONVLENS_HOME", "")
    assert files.home() == Path.home() / ".convlens"


def test_bytes_for_a_reader() -> None:
    assert files.megabytes(1_234_567_890) == "1,235 MB"
    assert files.megabytes(400_000) == "0 MB"


def test_a_link_that_leads_nowhere_is_neither_file_nor_folder(tmp_path: Path) -> None:
    for name, target in (("loop", "loop"), ("long", "a" * 300), ("dangling", "nowhere")):
        (tmp_path / name).symlink_to(target)
        assert not files.is_file(tmp_path / name)
        assert not files.is_folder(tmp_path / name)
    (tmp_path / "file").write_bytes(b"")
    assert files.is_file(tmp_path / "file")
    assert files.is_folder(tmp_path)
