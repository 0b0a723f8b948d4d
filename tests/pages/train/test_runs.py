"""The runs page: runs side by side, what differs in them, whether one is better; notes, keeping, deleting, one file."""

import json
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from cnn_core.data import datasets
from cnn_core.judge import metrics, significance
from cnn_core.runs import about, listing, predictions, records
from cnn_core.runs.history import Run
from cnn_core.runs.ownership import owner_of
from pages.train.runs import better, choice, curves, links, matrices
from pages.train.runs.keys import Key
from pages.train.runs.run_list import box_key
from pages.ui.keys import Shared
from pages.ui.site import PAGES
from tests.conftest import BROWSER
from tests.support.made_runs import made, trained
from tests.support.opening import open_app, words
from tests.support.own_runs import STARTED, write_run

pytestmark = pytest.mark.usefixtures("one_thread")
LINE = "flatten-linear10"
PAUSED = {"type": "paused"}


def opened(*runs: str, part: str = "Curves", **link: str) -> AppTest:
    chosen = {Key.CHOSEN: choice.BETWEEN.join(runs)} if runs else {}
    return open_app("train/runs", link={**chosen, Key.PART: part, **{Key[k]: v for k, v in link.items()}})


def html(at: AppTest) -> str:
    return "\n".join(one.proto.body for one in at.get("html"))


def boxes(at: AppTest) -> dict[str, bool]:
    """Whether each listed run is chosen, by its id."""
    ids = {box_key(path.name): path.name for path in records.runs_home().iterdir()}
    return {ids[b.key]: b.value for b in at.checkbox if b.key in ids}


@pytest.fixture
def two() -> tuple[Run, Run]:
    """Two trainings that differ in their learning rate; the first is far better."""
    owner = owner_of(BROWSER)
    options = {"epochs": 2, "train_limit": 500, "schedule": "constant"}
    return (
        trained(LINE, owner, learning_rate=0.01, **options),
        trained(LINE, owner, learning_rate=1e-5, **options),
    )


def test_an_empty_page_says_what_will_be_there_and_offers_it() -> None:
    at = open_app("train/runs", link={Key.CHOSEN: "../../etc/passwd"})
    assert "will be here" in at.info[0].value
    assert Key.CHOSEN not in at.query_params
    assert [link.proto.page for link in at.get("page_link")] == ["builder"]


def test_two_runs_from_their_settings_to_their_verdict(two: tuple[Run, Run]) -> None:
    good, bad = two
    at = opened(good.id, bad.id)
    assert boxes(at) == {good.id: True, bad.id: True}
    charts = at.get("vega_lite_chart")
    assert len(charts) == 2
    table = html(at)
    assert f"{100 * good.test['accuracy']:.2f}" in table
    assert f"{100 * bad.test['accuracy']:.2f}" in table

    at = opened(good.id, bad.id, part="Settings")
    assert "one choice, **Learning rate**" in words(at)
    table = html(at)
    assert "≠ Learning rate" in table
    assert table.count('class="differs"') == 1
    assert '<td class="value">0.01</td><td class="value">1e-05</td>' in table
    assert "Batch size" not in table

    at = opened(good.id, bad.id, part="Settings", SAME="true")
    assert "Batch size" in html(at)
    assert "≠ Batch size" not in html(at)

    at = opened(good.id, bad.id, part="Confusion matrices")
    assert len(at.get("vega_lite_chart")) == 2
    at = opened(good.id, bad.id, part="Confusion matrices", CELLS=matrices.LESS)
    assert len(at.get("vega_lite_chart")) == 1

    at = opened(good.id, bad.id, part="Better, or chance?")
    data = datasets.load("digits")
    right = [predictions.read(run.path, len(data.y_test), 10).argmax(1) == data.y_test for run in two]
    only = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    said = words(at)
    assert "Hardly chance: A is better" in said
    assert f"{only[0]} images only A reads rightly, {only[1]} only B" in said
    assert significance.mcnemar(*only) < significance.CLEAR


def test_what_is_chosen_stands_in_the_link_and_letters_stay(two: tuple[Run, Run]) -> None:
    good, bad = two
    at = opened()
    assert boxes(at) == {good.id: True, bad.id: True}  # the newest two, before anybody chose
    first, second = at.session_state[Key.CHOSEN]
    at.checkbox(key=box_key(first)).uncheck().run()
    assert not at.exception
    assert at.query_params[Key.CHOSEN] in (f"/{second}", [f"/{second}"])
    assert at.checkbox(key=box_key(second)).label.startswith("B · ")
    at.checkbox(key=box_key(first)).check().run()
    assert at.session_state[Key.CHOSEN][:2] == [first, second]
    at.checkbox(key=box_key(first)).uncheck().run()
    at.checkbox(key=box_key(second)).uncheck().run()
    assert "Tick two runs" in at.info[0].value


def test_a_ninth_run_is_refused_and_a_stranger_s_is_there_by_its_link() -> None:
    mine = [write_run(STARTED, PAUSED, title=f"run {number}").name for number in range(8)]
    theirs = write_run(STARTED, PAUSED, title="theirs", browser="another-browser").name
    at = opened(theirs)
    assert boxes(at)[theirs]
    assert set(boxes(at)) == {*mine, theirs}
    for run_id in mine:
        at.checkbox(key=box_key(run_id)).check().run()
    assert not at.exception
    assert [toast.value for toast in at.toast] == ["8 runs are compared at most: take one away first."]
    assert sum(boxes(at).values()) == 8
    at = opened(theirs, part="Note, files, links")
    assert "Another browser started this run" in words(at)
    assert not [field for field in at.text_area if (field.key or "").startswith(Shared.RUN_NOTE)]


def test_a_note_is_written_read_and_found() -> None:
    path = write_run(STARTED, PAUSED, title="mine")
    others = [write_run(STARTED, PAUSED, title=f"run {number}").name for number in range(12)]
    at = opened(path.name, part="Note, files, links")
    at.text_area(key=f"{Shared.RUN_NOTE}-{path.name}").set_value("Dropout *helps*").run()
    assert not at.exception
    assert about.read(path) == {"note": "Dropout *helps*"}
    assert listing.head(path.name).note == "Dropout *helps*"
    assert "Dropout \\*helps\\*" in at.checkbox(key=box_key(path.name)).label
    assert set(boxes(at)) == {path.name, *others}
    at.text_input(key=Key.FIND).set_value("dropout").run()
    assert set(boxes(at)) == {path.name}
    at.text_area(key=f"{Shared.RUN_NOTE}-{path.name}").set_value("x\0").run()
    assert "cannot be shown" in at.toast[0].value
    assert about.read(path) == {"note": "Dropout *helps*"}


def test_a_run_that_is_deleted_leaves_the_comparison() -> None:
    path, other = write_run(STARTED, PAUSED), write_run(STARTED, PAUSED)
    at = opened(path.name, other.name, part="Note, files, links")
    next(b for b in at.button if b.label == "Delete").click().run()
    next(b for b in at.button if b.label == "Leave it").click().run()
    assert path.is_dir()
    next(b for b in at.button if b.label == "Delete").click().run()
    next(b for b in at.button if b.label == "Delete for good").click().run()
    assert not at.exception
    assert not path.exists()
    assert boxes(at) == {other.name: True}


def test_a_run_leaves_as_one_file(two: tuple[Run, Run], monkeypatch: pytest.MonkeyPatch) -> None:
    made_files = {}
    original = streamlit.download_button

    def button(label, data, *arguments, **more):
        made_files[label] = data
        return original(label, data, *arguments, **more)

    monkeypatch.setattr(streamlit, "download_button", button)
    at = opened(two[0].id, part="Note, files, links")
    assert not at.exception
    file = ZipFile(BytesIO(made_files["Download it as one file"]()))
    assert json.loads(file.read("settings.json"))["settings"]["learning_rate"] == 0.01


def test_a_damaged_run_is_named_and_the_rest_stands() -> None:
    sound, damaged = write_run(STARTED, PAUSED), write_run(STARTED, PAUSED)
    (damaged / records.EVENTS).write_text('{"type": "started"}\n{"type": []}\n')
    (damaged / records.SPEC).write_bytes(b"\x80")
    at = opened(sound.name, damaged.name)
    assert not at.exception
    assert at.checkbox(key=box_key(sound.name)).value
    assert at.checkbox(key=box_key(damaged.name)).disabled


def test_a_reading_has_every_run_at_that_epoch() -> None:
    runs = {"A": made(), "B": made(losses=(0.5,), accuracies=(0.9,), validation=((0.4, 0.95),))}
    read = curves.reading(runs, curves.QUANTITIES[1], curves.VALIDATION)
    assert read["epoch"].tolist() == [1, 2, 3, 4]
    assert read["A"].tolist() == ["90.00\u00a0%", "95.00\u00a0%", "96.80\u00a0%", "97.00\u00a0%"]
    assert read["B"].tolist() == ["95.00\u00a0%", "–", "–", "–"]
    assert curves.line(runs["A"], curves.QUANTITIES[0], curves.VALIDATION)["shown"].tolist() == [
        0.4,
        0.2,
        0.12,
        0.11,
    ]
    huge = made(validation=((50.0, 0.1),) * 4)
    assert curves.line(huge, curves.QUANTITIES[0], curves.VALIDATION)["shown"].max() == pytest.approx(
        2 * np.log(10)
    )


def test_cells_of_a_matrix_and_of_a_difference() -> None:
    first, second = np.array([[8, 2], [1, 9]]), np.array([[9, 1], [3, 7]])
    worst = max(metrics.largest_share_wrong(one) for one in (first, second))
    cells = matrices.cells(first, ["a", "b"], worst)
    assert cells["shade"].tolist() == pytest.approx([0.8, 2 / 3, 1 / 3, 0.9])
    assert cells["text"].tolist() == ["", "2", "1", ""]
    less = matrices.less(first, second, ["a", "b"])
    assert less["difference"].tolist() == [-1, 1, -2, 2]
    assert less["text"].tolist() == ["−1", "+1", "−2", "+2"]
    assert less["shade"].tolist() == [0.5, 0.5, 1, 1]


@pytest.mark.parametrize(
    ("only", "says"),
    [
        (
            (60, 50),
            "It may well be chance**: that A is better is not shown. 60 images only A reads rightly, 50 only B",
        ),
        ((10, 30), "Probably not chance: B is better"),
        ((90, 10), "Hardly chance: A is better"),
        ((5, 5), "A draw"),
        ((0, 0), "No difference"),
    ],
)
def test_a_verdict_says_what_the_numbers_allow(only: tuple[int, int], says: str) -> None:
    assert says in better.verdict(better.Two("A", "B", significance.Paired(800, *only, 7)))


def test_a_p_value_is_told_as_one_reads_it() -> None:
    assert better.share(significance.mcnemar(60, 50)) == "39.1\u00a0%"
    assert better.written(significance.mcnemar(60, 50)) == "= 0.39"
    assert better.written(1e-9) == "\\< 0.000001"


def test_links_name_parameters_that_their_pages_have() -> None:
    import importlib

    for page in PAGES:
        if page.name in links.PARAMETERS:
            keys = importlib.import_module(f"pages.{page.folder.replace('/', '.')}.keys").Key
            assert links.PARAMETERS[page.name] in [*keys, *Shared], page.name
