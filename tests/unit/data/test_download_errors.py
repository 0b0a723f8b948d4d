"""Each way in which a download ends badly, as a sentence that says what to do."""

import errno
import gzip
import urllib.error
from pathlib import Path

import pytest

from cnn_core.data.catalog import DatasetMissing, info
from cnn_core.data.download_errors import explain

MNIST = info("mnist")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "full"), ["The disk became full", "Nothing was kept", "CONVLENS_HOME"]),
        (OSError(errno.EDQUOT, "quota"), ["The disk became full"]),
        (PermissionError(errno.EACCES, "no"), ["may not be written", "CONVLENS_HOME"]),
        (OSError(errno.EROFS, "read only"), ["may not be written"]),
        (ImportError("torchvision"), ["torchvision is not installed"]),
        (RuntimeError("File not found or corrupted."), ["arrived damaged", "Try again"]),
        (gzip.BadGzipFile("not gzip"), ["arrived damaged"]),
        (EOFError(), ["arrived damaged"]),
        (urllib.error.URLError("no route"), ["none of the servers", "built-in digits"]),
        (TimeoutError("slow"), ["none of the servers"]),
        (RuntimeError("Error downloading t10k-labels"), ["none of the servers"]),
        (KeyError("odd"), ["KeyError: 'odd'", "Nothing was kept"]),
        (DatasetMissing("As it is."), ["As it is."]),
    ],
)
def test_each_error_is_a_sentence(error: Exception, words: list[str]) -> None:
    sentence = explain(MNIST, error)
    for word in words:
        assert word in sentence
    assert sentence.endswith(".")


def test_a_full_disk_is_told_how_much_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONVLENS_HOME", str(tmp_path))
    sentence = explain(MNIST, OSError(errno.ENOSPC, "full"))
    assert f"{MNIST.needed_bytes / 1e6:,.0f} MB in {tmp_path}" in sentence


def test_a_long_error_is_cut_to_its_first_line() -> None:
    sentence = explain(MNIST, ValueError("a" * 500 + "\nsecond line"))
    assert "a" * 160 in sentence
    assert "a" * 161 not in sentence
    assert "second" not in sentence
