"""Every picture of every page can leave it: found by opening each part of each page, and asking for each file."""

import importlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import streamlit
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from cnn_core.files import write_tensors
from cnn_core.networks.architecture import Architecture
from cnn_core.networks.building import build
from cnn_core.runs import records
from cnn_core.training.settings import TrainSettings
from pages.ui import site
from pages.ui.keys import Shared
from tests.support.opening import app_at, unfold
from tests.support.trained_models import SMALL, write_model

ROOT = Path(__file__).parents[2]
SEEN = "Test image"  # what Draw reads where nobody draws


def open_page(folder: str, part: str | None = None) -> AppTest:
    """The page with a small model of the built-in digits, at `part`."""
    key = importlib.import_module(f"pages.{folder.replace('/', '.')}.keys").Key
    at = app_at(folder)
    at.session_state[Shared.MODEL] = "run:small"
    if part is not None:
        at.session_state[key.PART] = part
    if folder == "play/draw":
        at.query_params[key.INPUT] = SEEN
    if folder == "train/builder":
        at.query_params[Shared.RUN] = "trained"
    at.run()
    assert not at.exception, (folder, part)
    return at


def menus(block: Block) -> Iterator[str]:
    """The keys of the download menus in a block."""
    for child in block.children.values():
        if isinstance(child, Block):
            if child.type == "popover" and child.proto.popover.label == "Download":
                yield child.proto.id.split("-", 2)[2]
            yield from menus(child)


def boards_of(at: AppTest) -> list[Any]:
    """The confusion boards on the page."""
    return [one for one in at.get("bidi_component") if "board" in one.proto.component_name]


def waits(at: AppTest) -> bool:
    """Whether a network still reads the board's images: the board, or its files, come after them."""
    return bool(at.get("progress")) or (bool(boards_of(at)) and not list(menus(at.main)))


@pytest.fixture
def small_home(convlens_home: Path) -> None:
    """A model, and a run whose training can be looked at."""
    write_model(convlens_home, "small")
    architecture = Architecture((1, 28, 28), SMALL, 10)
    run = records.create(architecture, TrainSettings(dataset="digits", epochs=1), "a run")
    path = run.rename(run.with_name("trained"))
    write_tensors(records.epoch_weights(path, 0), build(architecture, 0).state_dict())
    scores = {"loss": 2.0, "accuracy": 0.25}
    batch = {"type": "batch", "epoch": 0, "images_per_second": 1000.0, "learning_rate": 0.1, **scores}
    validation = {"validation_loss": 1.5, "validation_accuracy": 0.5}
    where = {"device": "CPU", "precision": "float32"}
    for event in (
        {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 2, "images": 256, **where},
        {**batch, "step": 1},
        {**batch, "step": 2},
        {"type": "epoch", "epoch": 0, "seconds": 0.5, "best": True, **scores, **validation},
        {"type": "stopped", "reason": ""},
    ):
        records.append(path, event)


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What each download button would make, by its key, as the page was last run."""
    made: dict[str, Callable[[], bytes]] = {}
    original = streamlit.download_button

    def button(label: str, data: Callable[[], bytes], *arguments: Any, key: str = "", **more: Any) -> Any:
        if key:  # else it is no picture's
            made[key] = data
        return original(label, data, *arguments, key=key or None, **more)

    monkeypatch.setattr(streamlit, "download_button", button)
    return made


def tile_keys(at: AppTest) -> set[str]:
    """The keys of the tiles on the page."""
    ids = (
        element.proto.id.split("-", 2)[2]
        for element in at.get("bidi_component")
        if any(kind in element.proto.component_name for kind in ("tiles", "mosaic", "matrix"))
    )
    return set(ids)


@pytest.mark.parametrize("folder", [page.folder for page in site.PAGES])
def test_every_picture_of_a_page_can_leave_it(folder, small_home, files):
    first = open_page(folder)
    most_arrays = most_players = 0  # the player is the same in all parts, its download in one of them
    # The builder's tabs are groups of settings, and all there at once.
    for part in [tab.label for tab in first.tabs if folder != "train/builder"] or [None]:
        at = first if part is None else open_page(folder, part)
        waited_until = time.monotonic() + 60
        while waits(at) and time.monotonic() < waited_until:  # the network reads its test images
            at.run()
        assert not files, "a file's button is made before anybody has opened the menu"
        for menu in list(menus(at.main)):
            at.session_state[menu] = True
        unfold(at)
        offered = {key.removesuffix("-png") for key in files if key.endswith("-png")}
        charts = at.get("vega_lite_chart")
        images = at.get("imgs")
        galleries = [element for element in at.get("html") if 'class="gallery"' in element.proto.body]
        graphs = [element for element in at.get("html") if 'class="graph"' in element.proto.body]
        players = [
            element for element in at.get("bidi_component") if "player" in element.proto.component_name
        ]
        tiles = tile_keys(at)
        where = (folder, part)
        assert tiles <= offered, where
        with_arrays = {key.removesuffix("-npy") for key in files if key.endswith("-npy")}
        boards = boards_of(at)
        curves = [one for one in boards if "travel" in one.proto.component_name]  # beside the matrix
        assert len(offered - with_arrays) == len(charts) + len(boards) + len(curves) + len(graphs), where
        arrays = len(with_arrays - tiles) - len(images) - len(galleries)
        assert arrays >= 0, where
        most_arrays = max(most_arrays, arrays)
        for key in offered:
            svg = ElementTree.fromstring(files[f"{key}-svg"]())
            texts = ["".join(text.itertext()) for text in svg.iter("{http://www.w3.org/2000/svg}text")]
            assert any(text.startswith("ConvLens · ") for text in texts), (where, key)
        assert all(chart.proto.alt for chart in charts), where
        assert not charts or at.dataframe or at.table, "a chart without a table"
        files.clear()
        most_players = max(most_players, len(players))
    assert most_arrays >= 2 * most_players
