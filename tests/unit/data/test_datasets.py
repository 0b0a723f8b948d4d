"""Datasets on disk and the built-in digits: what loads, and what a broken file says."""

import sys
from pathlib import Path

import numpy as np
import pytest

from cnn_core import files
from cnn_core.data import catalog, datasets
from cnn_core.data.arrays_on_disk import KEYS, write


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONVLENS_HOME", str(tmp_path))
    return tmp_path


def lay_out(home: Path, name: str = "mnist", train: int = 30, test: int = 10) -> Path:
    """A small dataset of our own making in the layout of the real one."""
    random = np.random.default_rng(0)
    folder = home / "data" / name
    folder.mkdir(parents=True)
    info = catalog.info(name)
    for split, count in (("train", train), ("test", test)):
        np.save(folder / f"x_{split}.npy", random.integers(0, 256, (count, *info.shape), np.uint8))
        np.save(folder / f"y_{split}.npy", (np.arange(count) % 10).astype(np.uint8))
    return folder


def test_home_is_the_environment_variable_or_the_user_s_folder(home, monkeypatch):
    assert files.home() == home
    monkeypatch.delenv("CONVLENS_HOME")
    assert files.home() == Path.home() / ".convlens"


def test_a_dataset_is_mapped_not_read(home):
    folder = lay_out(home)
    dataset = datasets.load("mnist")
    assert isinstance(dataset.x_train, np.memmap)
    assert not dataset.x_train.flags.writeable
    assert dataset.classes == tuple("0123456789")
    np.testing.assert_array_equal(dataset.x_train, np.load(folder / "x_train.npy"))
    np.testing.assert_array_equal(dataset.y_test, np.arange(10))


def test_only_digits_are_there_on_a_bare_machine(home):
    assert datasets.available() == ["digits"]
    lay_out(home, "cifar10")
    assert datasets.available() == ["cifar10", "digits"]


def test_a_dataset_never_downloaded_says_so(home):
    with pytest.raises(catalog.DatasetMissing, match="Fashion-MNIST is not on this machine yet"):
        datasets.load("fashion_mnist")


def test_an_unknown_name_lists_the_known_ones():
    known = ", ".join(info.name for info in catalog.all_infos())
    assert {"mnist", "fashion_mnist", "cifar10", "digits"} <= set(known.split(", "))
    with pytest.raises(ValueError, match=f"'imagenet'; allowed is one of {known}"):
        datasets.load("imagenet")


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("<html>502 Bad Gateway</html>")


def half_a_header(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


def floats(path: Path) -> None:
    np.save(path, np.load(path).astype(np.float32))


def pickled(path: Path) -> None:
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)


def an_archive(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, a=np.zeros(3))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "damage", [cut_short, empty, text, half_a_header, floats, pickled, an_archive, Path.unlink]
)
def test_a_broken_file_is_named(home, damage, key):
    folder = lay_out(home, train=200, test=200)
    damage(folder / f"{key}.npy")
    with pytest.raises(catalog.DatasetMissing, match=rf"MNIST cannot be read: in {key}\.npy, .+again"):
        datasets.load("mnist")
    assert datasets.available() == ["digits"]


@pytest.mark.parametrize(
    ("key", "array", "message"),
    [
        ("x_train", np.zeros((30, 32, 32, 3), np.uint8), r"x_train.npy, its shape is \(30, 32, 32, 3\)"),
        ("x_test", np.zeros((0, 28, 28, 1), np.uint8), r"x_test.npy, its shape is \(0, "),
        ("y_train", np.zeros(29, np.uint8), "y_train.npy, it has 29 labels for 30 images"),
        ("y_test", np.full(10, 10, np.uint8), "y_test.npy, its labels are 10 to 10; allowed is 0 to 9"),
    ],
)
def test_arrays_that_do_not_fit_each_other_are_refused(home, key, array, message):
    np.save(lay_out(home) / f"{key}.npy", array)
    with pytest.raises(catalog.DatasetMissing, match=message):
        datasets.load("mnist")


OWN_ARRAYS = {
    "labels 1 to 10": (
        "y_train",
        lambda a: a + 1,
        "in y_train.npy, its labels are 1 to 10; allowed is 0 to 9",
    ),
    "floats": (
        "x_train",
        lambda a: a / np.float32(255),
        "in x_train.npy, its values are float32; allowed is uint8",
    ),
    "int64": (
        "y_test",
        lambda a: a.astype(np.int64),
        "in y_test.npy, its values are int64; allowed is uint8",
    ),
    "no channel axis": (
        "x_test",
        lambda a: a[..., 0],
        "in x_test.npy, its shape is (10, 28, 28); allowed is (N, 28, 28, 1)",
    ),
    "labels as columns": ("y_train", lambda a: a[:, None], "it has labels of shape (30, 1) for 30 images"),
}


@pytest.mark.parametrize(("key", "change", "words"), OWN_ARRAYS.values(), ids=OWN_ARRAYS)
def test_own_arrays_of_another_kind_are_told_with_what_a_download_does_to_them(home, key, change, words):
    path = lay_out(home) / f"{key}.npy"
    np.save(path, change(np.load(path)))
    problem = datasets.problem("mnist")
    assert isinstance(problem, catalog.DatasetBroken)
    assert words in str(problem)
    assert str(problem).endswith("the present files are then kept in mnist.old.")
    with pytest.raises(catalog.DatasetBroken) as caught:
        datasets.load("mnist")
    assert str(caught.value) == str(problem)
    assert (datasets.available(), datasets.first()) == (["digits"], "digits")


def test_what_is_not_there_is_missing_and_not_broken(home):
    assert type(datasets.problem("mnist")) is catalog.DatasetMissing
    assert datasets.problem("digits") is None
    assert catalog.built_in() == "digits"


def test_writing_in_pieces_equals_saving_whole(tmp_path):
    array = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)
    write(tmp_path / "a.npy", array.shape, [array[:1], np.asfortranarray(array[1:])])
    np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), array)


def test_digits_are_scikit_learn_s_upscaled():
    from sklearn.datasets import load_digits

    digits = datasets.load("digits")
    assert digits.x_train.shape == (1442, 28, 28, 1)
    assert digits.x_test.shape == (355, 28, 28, 1)
    assert (len(digits.y_train), len(digits.y_test)) == catalog.info("digits").sizes
    # The split is the same every time, leaves nothing out, and has every class in its proportion.
    counts = np.bincount(np.concatenate([digits.y_train, digits.y_test]))
    np.testing.assert_array_equal(counts, np.bincount(load_digits().target))
    np.testing.assert_array_equal(np.bincount(digits.y_test), counts // 5)
    # Averaged back to 8×8, the first image is the source it came from.
    small = digits.x_train[0, 4:24, 4:24, 0].reshape(20, 20)
    source = load_digits().images[0] * 255 / 16
    assert (
        np.corrcoef(np.kron(source, np.ones((5, 5))).ravel(), np.kron(small, np.ones((2, 2))).ravel())[0, 1]
        > 0.9
    )
    assert digits.x_train[..., 0].max() == 255
    assert not digits.x_train[:, :4].any()


def test_digits_are_one_copy_nobody_can_change():
    digits = datasets.load("digits")
    assert datasets.load("digits").x_train is digits.x_train
    with pytest.raises(ValueError, match="read-only"):
        digits.x_train[0] = 0


def test_torch_is_not_needed_to_load():
    import subprocess

    code = "import sys, cnn_core.data.datasets; print('torch' in sys.modules, 'streamlit' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["False", "False"]
