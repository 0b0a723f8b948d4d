"""The home page: the tour, what is here, and a download that works, fails in words, or is already running."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints, train
from cnn_core.data import catalog, datasets, downloads
from pages.start.home import machine
from pages.start.home.keys import Key
from pages.ui.words import percent
from tests.support.trained_models import write_model

ROOT = Path(__file__).parents[3]


@pytest.fixture
def home(convlens_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without data."""
    monkeypatch.setattr(downloads, "_jobs", {})
    return convlens_home


def run() -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(element.value for element in app.markdown)


def buttons(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def offered(app: AppTest) -> list[str]:
    """The datasets with a button to download them."""
    keys = [button.key for button in app.button]
    return [info.name for info in catalog.all_infos() if f"home-download-{info.name}" in keys]


def others(*names: str) -> list[str]:
    """The datasets that have to be downloaded, but for those of these names."""
    return [info.name for info in catalog.all_infos() if info.download_bytes and info.name not in names]


def lay_out(name: str) -> None:
    info = catalog.info(name)
    folder = info.folder
    folder.mkdir(parents=True)
    for split in ("train", "test"):
        np.save(folder / f"x_{split}.npy", np.zeros((4, *info.shape), np.uint8))
        np.save(folder / f"y_{split}.npy", np.zeros(4, np.uint8))


def test_a_bare_machine_has_digits_models_and_downloads_to_offer(home):
    app = run()
    assert offered(app) == others()
    assert {"Download 12 MB", "Download 31 MB", "Download 170 MB"} <= set(buttons(app))
    text = words(app)
    assert "1,442 images to train, 355 to test" in text
    card = checkpoints.load("mnist-3conv").card
    assert (
        f"test accuracy **{percent(card.test['accuracy'], 2)}**, macro F1 **{card.test['macro_f1']:.4f}**"
        in text
    )
    assert f"{card.architecture.parameters:,} parameters" in text
    assert "Networks train on **" in text


def test_the_tour_comes_first_then_device_datasets_and_models(home):
    lines = [element.value for element in run().main.markdown]
    places = [
        next(number for number, line in enumerate(lines) if line.startswith(start))
        for start in (
            "Slide a kernel",
            "Networks train on",
            "**MNIST.**",
            "**Digits.**",
            "**mnist-3conv.**",
        )
    ]
    assert places == sorted(places)


def test_six_models_are_shown_and_the_rest_when_they_are_asked_for(home):
    for number in range(9):
        write_model(home, f"run{number}")
    app = run()
    assert len(re.findall(r"\*\*run\d", words(app))) == machine.SHOWN - len(checkpoints.names())
    app.session_state[Key.MORE_MODELS] = True
    assert len(re.findall(r"\*\*run\d", words(app.run()))) == 9


def test_what_is_here_is_not_offered(home):
    lay_out("mnist")
    lay_out("cifar10")
    assert offered(run()) == others("mnist", "cifar10")


def test_a_broken_dataset_is_offered_again(home):
    lay_out("mnist")
    (catalog.info("mnist").folder / "y_test.npy").write_bytes(b"")
    assert "Download 12 MB" in buttons(run())


def test_own_arrays_that_cannot_be_used_are_told_as_on_the_command_line(home, capsys):
    lay_out("mnist")
    np.save(catalog.info("mnist").folder / "y_train.npy", np.full(4, 10, np.uint8))
    assert train.main(["--dataset", "mnist", "--epochs", "1"]) == 1
    sentence = capsys.readouterr().err.removeprefix("error: ").strip()
    assert "in y_train.npy, its labels are 10 to 10; allowed is 0 to 9" in sentence
    app = run()
    assert [warning.value for warning in app.warning] == [sentence]
    assert "Download 12 MB" in buttons(app)
    assert sentence.endswith("the present files are then kept in mnist.old.")


def test_a_download_shows_its_sentence_when_there_is_no_network(home, monkeypatch):
    for name in ("http_proxy", "https_proxy"):  # the process that downloads asks where nobody listens
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    app = run()
    app.button(key="home-download-mnist").click().run()
    assert not app.exception
    assert [error.value for error in app.error] == [
        "MNIST could not be downloaded: none of the servers that offer it answers this machine. "
        "Check the network, or carry on with what is here: the built-in digits need none."
    ]
    assert "Download 12 MB" in buttons(app)  # to try again
    assert datasets.available() == ["digits"]


def test_a_download_that_works_is_here_afterwards(home, monkeypatch):
    def fetch(info, staging, converting, abandoned):
        lay_out_at = staging / "ready"
        lay_out_at.mkdir()
        for split, count in zip(("train", "test"), info.sizes):
            np.save(lay_out_at / f"x_{split}.npy", np.zeros((count, *info.shape), np.uint8))
            np.save(lay_out_at / f"y_{split}.npy", np.zeros(count, np.uint8))
        return lay_out_at

    monkeypatch.setattr(machine, "fetch_apart", fetch)
    app = run()
    app.button(key="home-download-mnist").click().run()
    assert not app.exception
    assert not app.error
    assert offered(app) == others("mnist")
    assert datasets.load("mnist").x_train.shape == (60_000, 28, 28, 1)


def test_home_needs_no_torch(home):
    code = (
        "import sys; from streamlit.testing.v1 import AppTest;"
        "app = AppTest.from_file('app.py', default_timeout=120).run();"
        "assert not app.exception; print('torch' in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.split() == ["False"]
