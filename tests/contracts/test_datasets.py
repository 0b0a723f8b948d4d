"""What every dataset of the catalogue keeps, found by enumeration: a new entry is checked as it stands."""

import os
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import train
from cnn_core.data import catalog, datasets, sources
from cnn_core.networks.architecture import MAX_CHANNELS, MAX_CLASSES, MAX_SIDE
from pages.train.builder.keys import Key as BuilderKey
from pages.ui.keys import ImagePart
from pages.ui.network.keys import NetworkKey
from tests.conftest import REAL_HOME
from tests.support.opening import app_at

ROOT = Path(__file__).parents[2]
INFOS = catalog.all_infos()

pytestmark = pytest.mark.parametrize("info", INFOS, ids=[info.name for info in INFOS])


def test_it_says_what_it_is_whose_it_is_and_under_what_licence(info):
    for field in ("name", "title", "about", "source", "licence"):
        assert getattr(info, field).strip(), f"{info.name or 'a dataset'} has no {field}"
    assert info.about.endswith(".")
    assert info.name == info.name.lower()
    assert info.name.isidentifier(), "the name is a folder, an argument and a part of links"


def test_its_name_and_title_are_its_own(info):
    assert [other for other in INFOS if other.name == info.name] == [info]
    assert [other for other in INFOS if other.title == info.title] == [info]
    assert catalog.info(info.name) is info
    assert catalog.title(info.name) == info.title


def test_its_classes_shape_and_sizes_can_be_learned_from(info):
    assert 2 <= len(info.classes) <= min(MAX_CLASSES, 256), "labels are uint8"
    assert len(set(info.classes)) == len(info.classes)
    assert all(name.strip() for name in info.classes)
    height, width, channels = info.shape
    assert 1 <= height <= MAX_SIDE
    assert 1 <= width <= MAX_SIDE
    assert channels in (1, 3)
    assert channels <= MAX_CHANNELS
    assert min(info.sizes) >= len(info.classes)


def test_its_bytes_are_those_of_its_arrays(info):
    images = sum(info.sizes)
    assert info.array_bytes == images * (int(np.prod(info.shape)) + 1)
    if isinstance(info.fetch, sources.BuiltIn):
        assert info.download_bytes == 0
    else:
        # Compressed, and yet pictures: between a hundredth and twice what they are unpacked.
        assert 0.01 < info.download_bytes / info.array_bytes < 2
        assert info.needed_bytes > info.download_bytes + info.array_bytes


def test_there_is_a_way_to_get_it(info):
    assert isinstance(info.fetch, sources.Fetch)
    if isinstance(info.fetch, sources.Torchvision):
        import torchvision

        assert hasattr(torchvision.datasets, info.fetch.kind)
    elif isinstance(info.fetch, sources.Archive):
        assert info.fetch.url.startswith("https://")
        assert len(info.fetch.md5) == 32


def test_its_arrays_are_what_the_catalogue_says(info, monkeypatch):
    monkeypatch.setenv("CONVLENS_HOME", os.fspath(REAL_HOME))
    problem = datasets.problem(info.name)
    if type(problem) is catalog.DatasetMissing:
        pytest.skip(f"needs {info.title} in {REAL_HOME / 'data'}; the README says how to get it")
    data = datasets.load(info.name)
    assert (len(data.x_train), len(data.x_test)) == info.sizes
    for images, labels in ((data.x_train, data.y_train), (data.x_test, data.y_test)):
        assert images.dtype == labels.dtype == np.uint8
        assert images.shape == (len(labels), *info.shape)
        assert set(np.unique(labels)) == set(range(len(info.classes))), "every class has examples"
        sample = np.asarray(images[:: max(1, len(images) // 200)])
        assert sample.max() > 200, "pixels use 0..255"
        assert len(np.unique(sample.reshape(len(sample), -1), axis=0)) > 0.9 * len(sample)


def test_the_command_line_takes_it(info, capsys):
    assert train.parser().parse_args(["--dataset", info.name]).dataset == info.name
    if datasets.problem(info.name) is not None:  # the test's home is empty: it says where to get it
        assert train.main(["--dataset", info.name, "--epochs", "1"]) == 1
        assert f"{info.title} is not on this machine yet" in capsys.readouterr().err


def test_home_shows_it_and_offers_it(info):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30).run()
    assert not app.exception
    mine = [element.value for element in app.markdown if element.value.startswith(f"**{info.title}.**")]
    assert len(mine) == 1
    assert info.about in mine[0]
    offered = [button.key for button in app.button]
    assert (f"home-download-{info.name}" in offered) == (datasets.problem(info.name) is not None)


def builder(**link: str) -> AppTest:
    """The Builder as a link opens it, through the app, for it links to Home."""
    app = app_at("train/builder")
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def picking(prefix: str) -> None:
    """A page with nothing but the image picker."""
    from pages.ui.image_source import pick_image

    pick_image(prefix, size=28, channels=1)


def test_the_image_picker_and_the_builder_offer_it(info):
    picker = AppTest.from_function(picking, kwargs={"prefix": "x"}, default_timeout=30).run()
    assert info.title in picker.selectbox(key=f"x-{ImagePart.DATASET}").options
    assert info.title in builder().selectbox(key=NetworkKey.DATASET).options


def test_a_link_to_it_trains_it_or_says_why_not(info):
    app = builder(**{NetworkKey.DATASET: info.title})
    assert app.selectbox(key=NetworkKey.DATASET).value == info.name
    problem = datasets.problem(info.name)
    assert [error.value for error in app.error] == ([] if problem is None else [str(problem)])
    assert app.button(key=BuilderKey.TRAIN).disabled == (problem is not None)


def test_arrays_of_one_s_own_that_do_not_fit_are_told_wherever_it_is_chosen(info):
    if isinstance(info.fetch, sources.BuiltIn):
        assert datasets.problem(info.name) is None, "a built-in dataset has no files to be wrong"
        return
    info.folder.mkdir(parents=True)
    for split in ("train", "test"):
        np.save(info.folder / f"x_{split}.npy", np.zeros((20, *info.shape), np.uint8))
        np.save(info.folder / f"y_{split}.npy", np.full(20, len(info.classes), np.uint8))
    sentence = str(datasets.problem(info.name))
    last = len(info.classes)
    assert f"in y_train.npy, its labels are {last} to {last}; allowed is 0 to {last - 1}" in sentence
    app = builder(**{NetworkKey.DATASET: info.title})
    assert [error.value for error in app.error] == [sentence]
    assert app.button(key=BuilderKey.TRAIN).disabled
    picker = AppTest.from_function(picking, kwargs={"prefix": "x"}, default_timeout=30)
    picker.query_params[f"x-{ImagePart.DATASET}"] = info.title
    assert [caption.value.startswith(sentence) for caption in picker.run().caption] == [True]


def test_readme_names_it(info):
    named = info.title in (ROOT / "README.md").read_text(encoding="utf-8")
    assert named or isinstance(info.fetch, sources.BuiltIn), f"README.md does not name {info.title}"
