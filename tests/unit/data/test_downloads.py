"""Downloads against a local mirror that works, lies, breaks off, fills the disk or is not there."""

import errno
import gzip
import hashlib
import os
import struct
import tarfile
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from cnn_core import files
from cnn_core.data import catalog, datasets, downloads

TRAIN, TEST = 20, 5


class QuietHandler(SimpleHTTPRequestHandler):
    """A mirror; `stall` makes it accept a request and never answer."""

    stall: threading.Event | None = None

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.stall is not None:
            self.stall.wait(20)
        super().do_GET()

    do_HEAD = do_GET


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty CONVLENS_HOME, and catalogue sizes small enough to make the files here."""
    monkeypatch.setenv("CONVLENS_HOME", str(tmp_path / "home"))
    small = [
        replace(info, sizes=(TRAIN, TEST), fetch=replace(info.fetch, download_bytes=50_000))
        for info in catalog.SHIPPED
        if info.download_bytes
    ]
    monkeypatch.setattr(catalog, "SHIPPED", (*small, catalog.info("digits")))
    monkeypatch.setattr(downloads, "_jobs", {})
    return tmp_path / "home"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """MNIST and CIFAR-10 of our own making on a server of our own, with right checksums."""
    import torchvision

    root = tmp_path / "mirror"
    root.mkdir()
    random = np.random.default_rng(0)
    made = {
        "x_train": random.integers(0, 256, (TRAIN, 28, 28, 1), np.uint8),
        "y_train": random.integers(0, 10, TRAIN, np.uint8),
        "x_test": random.integers(0, 256, (TEST, 28, 28, 1), np.uint8),
        "y_test": random.integers(0, 10, TEST, np.uint8),
    }
    resources = []
    for split, key in (("train", "train"), ("t10k", "test")):
        images, labels = made[f"x_{key}"], made[f"y_{key}"]
        for kind, header, array in (
            ("images-idx3", struct.pack(">IIII", 0x803, len(images), 28, 28), images),
            ("labels-idx1", struct.pack(">II", 0x801, len(labels)), labels),
        ):
            path = root / f"{split}-{kind}-ubyte.gz"
            path.write_bytes(gzip.compress(header + array.tobytes()))
            resources.append((path.name, hashlib.md5(path.read_bytes()).hexdigest()))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(root)))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [url])
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    yield SimpleNamespace(root=root, url=url, arrays=made)
    server.shutdown()
    server.server_close()
    thread.join()


def left_behind(home: Path) -> list[str]:
    """Everything under CONVLENS_HOME that is not a finished dataset's file."""
    finished = {f"{key}.npy" for key in ("x_train", "y_train", "x_test", "y_test")}
    return [
        str(path.relative_to(home))
        for path in home.rglob("*")
        if path.is_file() and path.name not in finished
    ]


def failed(name: str = "mnist") -> str:
    """The sentence a download fails with; nothing half-written may be there after it."""
    with pytest.raises(catalog.DownloadFailed) as caught:
        downloads.download(name, lambda fraction, text: None)
    home = files.home()
    if home.is_dir():
        assert left_behind(home) == []
        assert not [path for path in home.rglob("*.part") if any(path.iterdir())]
    assert datasets.available() == ["digits"]
    message = str(caught.value)
    assert "\n" not in message
    assert "Errno" not in message
    return message


def test_a_download_arrives_in_the_layout(home, mirror):
    told: list[tuple[float, str]] = []
    downloads.download("mnist", lambda fraction, text: told.append((fraction, text)))
    dataset = datasets.load("mnist")
    for key, array in mirror.arrays.items():
        np.testing.assert_array_equal(getattr(dataset, key), array)
    assert left_behind(home) == []
    assert sorted(path.name for path in (home / "data").iterdir()) == ["mnist"]
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert told[-1] == (1.0, "MNIST is ready")
    downloads.download("mnist", lambda fraction, text: pytest.fail("it is there: nothing to do"))


def test_a_download_puts_unusable_files_aside_and_loses_none(home, mirror):
    for kept in ("mnist.old", "mnist.old-2"):
        folder = home / "data" / "mnist"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "x_train.npy").write_bytes(b"half")
        assert f"are then kept in {kept}." in str(datasets.problem("mnist"))
        downloads.download("mnist", lambda fraction, text: None)
        assert datasets.load("mnist").x_train.shape == (TRAIN, 28, 28, 1)
        assert (home / "data" / kept / "x_train.npy").read_bytes() == b"half"
    assert sorted(path.name for path in (home / "data").iterdir()) == ["mnist", "mnist.old", "mnist.old-2"]


def test_cifar10_comes_from_its_binary_edition(home, mirror, monkeypatch):
    random = np.random.default_rng(1)
    planes = random.integers(0, 256, (TRAIN + TEST, 3, 32, 32), np.uint8)
    labels = random.integers(0, 10, TRAIN + TEST, np.uint8)
    records = [bytes([label]) + plane.tobytes() for label, plane in zip(labels, planes)]
    folder = mirror.root / "cifar-10-batches-bin"
    folder.mkdir()
    for number in range(5):
        (folder / f"data_batch_{number + 1}.bin").write_bytes(b"".join(records[4 * number : 4 * number + 4]))
    (folder / "test_batch.bin").write_bytes(b"".join(records[TRAIN:]))
    archive = mirror.root / "cifar-10-binary.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(folder, "cifar-10-batches-bin")
    info = catalog.info("cifar10")
    md5 = hashlib.md5(archive.read_bytes()).hexdigest()
    ours = replace(info, fetch=replace(info.fetch, url=mirror.url + archive.name, md5=md5))
    monkeypatch.setattr(catalog, "SHIPPED", (ours,))
    downloads.download("cifar10", lambda fraction, text: None)
    dataset = datasets.load("cifar10")
    np.testing.assert_array_equal(dataset.x_train, planes[:TRAIN].transpose(0, 2, 3, 1))
    np.testing.assert_array_equal(dataset.y_test, labels[TRAIN:])


def test_no_network(home, mirror, monkeypatch):
    import torchvision

    # A name that no resolver knows (RFC 6761), then a port where nobody listens.
    mirrors = ["http://mirror.invalid/", "http://127.0.0.1:9/"]
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", mirrors)
    assert failed() == (
        "MNIST could not be downloaded: none of the servers that offer it answers this machine. "
        "Check the network, or carry on with what is here: the built-in digits need none."
    )


def test_a_mirror_without_the_files(home, mirror):
    for path in mirror.root.iterdir():
        path.unlink()
    assert "none of the servers that offer it answers" in failed()


@pytest.mark.parametrize("keep", [0.5, 0.0])
def test_a_file_cut_short_fails_its_checksum(home, mirror, keep):
    path = mirror.root / "t10k-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    assert failed() == "MNIST arrived damaged (its checksum is wrong) and was thrown away. Try again."


def test_another_file_in_its_place_fails_its_checksum(home, mirror):
    (mirror.root / "train-labels-idx1-ubyte.gz").write_text("<html>please log in to this network</html>")
    assert "checksum is wrong" in failed()


def test_too_few_images_are_not_installed(home, mirror, monkeypatch):
    short = replace(catalog.info("mnist"), sizes=(TRAIN, TEST + 1))
    monkeypatch.setattr(catalog, "SHIPPED", (short, catalog.info("digits")))
    assert "wrong number of images" in failed()


def test_a_disk_without_room_is_seen_before_anything_is_fetched(home, mirror, monkeypatch):
    monkeypatch.setattr(downloads.shutil, "disk_usage", lambda path: SimpleNamespace(free=1_000))
    message = failed()
    assert message.startswith("MNIST needs 0 MB of disk space")
    assert "set CONVLENS_HOME to another disk" in message


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_becomes_full_while_writing(home, mirror, monkeypatch, number):
    # The kernel reports it at the latest when the file is flushed to the disk.
    def full(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("cnn_core.data.arrays_on_disk.os.fsync", full)
    assert failed().startswith("The disk became full while MNIST was being written. It needs ")


def test_a_disk_that_becomes_full_while_downloading(home, mirror, monkeypatch):
    def full(url: str, filename: str, chunk_size: int = 0) -> None:
        Path(filename).write_bytes(b"the beginning")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("torchvision.datasets.utils._urlretrieve", full)
    assert failed().startswith("The disk became full")


def test_a_home_that_is_a_file_or_may_not_be_written(home, monkeypatch):
    home.parent.joinpath("file").write_text("")
    monkeypatch.setenv("CONVLENS_HOME", str(home.parent / "file"))
    with pytest.raises(catalog.DownloadFailed, match="may not be written"):
        downloads.download("mnist", lambda fraction, text: None)

    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setenv("CONVLENS_HOME", str(home))
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert "may not be written. Set CONVLENS_HOME to a folder that may." in failed()


def test_a_server_that_never_answers(home, mirror, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(QuietHandler, "stall", release)
    monkeypatch.setattr(downloads, "STALLED_AFTER_S", 0.3)
    with pytest.raises(catalog.DownloadFailed, match="stalled: nothing arrived"):
        downloads.download("mnist", lambda fraction, text: None)
    job = downloads._jobs["mnist"]
    release.set()  # the thread ends late, installs nothing, and cleans up after itself
    job.join(10)
    assert not job.is_alive()
    assert left_behind(home) == []
    assert datasets.available() == ["digits"]


def test_a_watcher_that_goes_away_does_not_end_it_and_the_next_joins(home, mirror, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(QuietHandler, "stall", release)

    def leave(fraction: float, text: str) -> None:
        raise KeyboardInterrupt  # as Streamlit leaves a script: not an Exception

    with pytest.raises(KeyboardInterrupt):
        downloads.download("mnist", leave)
    first = downloads._jobs["mnist"]
    assert downloads.is_running("mnist")
    release.set()
    downloads.download("mnist", lambda fraction, text: None)
    assert downloads._jobs["mnist"] is first
    assert datasets.available() == ["mnist", "digits"]


def test_what_a_killed_download_left_is_cleared_once_it_is_old(home, mirror):
    data = home / "data"
    for name, age in ((".mnist-old.part", 3600), (".mnist-new.part", 0)):
        (data / name).mkdir(parents=True)
        file = data / name / "train-images-idx3-ubyte.gz"
        file.write_bytes(b"half")
        os.utime(file, (time.time() - age,) * 2)
    downloads.download("mnist", lambda fraction, text: None)
    assert sorted(path.name for path in data.iterdir()) == [".mnist-new.part", "mnist"]


def test_digits_need_no_download(home):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        downloads.download("digits", lambda fraction, text: pytest.fail("nothing to fetch"))
    with pytest.raises(ValueError, match="name is 'letters'"):
        downloads.download("letters")


def test_what_failed_in_a_process_of_its_own_is_not_tried_again_at_once(home, monkeypatch):
    tries = []

    def fetch_apart(info, staging, converting, abandoned):
        tries.append(info.name)
        raise catalog.DownloadFailed(f"No server answered for {info.title}.")

    for _ in range(20):
        with pytest.raises(catalog.DownloadFailed, match="No server answered for MNIST"):
            downloads.download("mnist", lambda fraction, text: None, fetch_apart)
    assert tries == ["mnist"]
    monkeypatch.setattr(downloads, "RETRY_AFTER_S", 0.0)
    with pytest.raises(catalog.DownloadFailed):
        downloads.download("mnist", lambda fraction, text: None, fetch_apart)
    assert tries == ["mnist", "mnist"]
