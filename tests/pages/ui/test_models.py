"""The models that pages share: what the picker says of each, damaged folders, networks that give no numbers."""

import json
import math
import re
import time
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import about, history, records
from cnn_core.runs.ownership import owner_of
from cnn_core.training.settings import TrainSettings
from pages.inside.network.keys import Key as Network
from pages.operations.convolution.keys import Key as Convolution
from pages.operations.pooling.keys import Key as Pooling
from pages.play.draw.keys import Key as Draw
from pages.train.step.keys import Key as Step
from pages.train.step.situation import TRAINED
from pages.ui import models, site
from pages.ui.keys import Shared
from pages.ui.run_names import begun
from tests.conftest import BROWSER
from tests.support.opening import app_at, open_app
from tests.support.trained_models import SMALL, write_model, write_without_numbers

ROOT = Path(__file__).parents[3]
SENTENCE = checkpoints.NO_NUMBERS[:1].upper() + checkpoints.NO_NUMBERS[1:]
# What a page has to be asked for before it runs the chosen network.
ASKED: dict[str, dict[str, object]] = {
    "convolution": {
        Convolution.LEARNED: True,
        Convolution.LEARNED_MODEL: "run:broken",
        Convolution.WEIGHTS_OPEN: True,
    },
    "pooling": {Pooling.PART: "Shift test", Pooling.SHIFT_ON: "A trained network"},
    "network": {Network.INPUT: "Image"},
    "draw": {Draw.INPUT: "Test image"},
    "step": {Step.FROM: TRAINED},
}
OVERFLOWING = {"NaN": math.nan, "infinite": math.inf, "too large": 1e38}


def runs_a_network(page: site.PageInfo) -> bool:
    """Whether a network is chosen somewhere on the page."""
    modules = (ROOT / page.script).parent.rglob("*.py")
    chosen = any(
        re.search(r"\b(chosen_model|chosen_ref|pick_model)\(", path.read_text("utf-8")) for path in modules
    )
    return chosen or page.name in ASKED


def chosen() -> models.Models:
    """What a visitor with no link may choose."""
    return models.models()


def opened(page: site.PageInfo, model: str | None = None) -> AppTest:
    at = app_at(page.folder)
    if model is not None:
        at.session_state[Shared.MODEL] = model
    for key, value in ASKED.get(page.name, {}).items():
        at.session_state[key] = value
    return at.run()


@pytest.mark.parametrize("page", site.PAGES, ids=lambda page: page.name)
def test_a_network_that_gives_no_numbers_is_one_sentence_on_every_page(page, convlens_home):
    write_without_numbers(convlens_home, "broken", math.nan)
    at = opened(page, "run:broken")
    assert not at.exception
    said = [
        error.value for error in at.error if "PyTorch says" not in error.value
    ]  # the Doctor begins with one
    assert said == ([SENTENCE] if runs_a_network(page) else [])


@pytest.mark.parametrize("weight", OVERFLOWING.values(), ids=OVERFLOWING)
def test_weights_that_are_no_numbers_or_too_large_for_their_sums_are_refused(weight, convlens_home):
    write_without_numbers(convlens_home, "broken", weight)
    with pytest.raises(checkpoints.CheckpointError) as refused:
        checkpoints.load(convlens_home / "runs" / "broken")
    assert str(refused.value) == checkpoints.NO_NUMBERS


def a_run(home: Path, *events: dict[str, object]) -> models.ModelRef:
    """A run with these events and a model that is not tested yet, as the pages list it."""
    records.create(
        Architecture((1, 28, 28), SMALL, 10),
        TrainSettings(dataset="digits"),
        "a run",
        home / "runs" / "a-run",
    )
    for event in events:
        records.append(home / "runs" / "a-run", event)
    write_model(home, "a-run")
    return next(ref for ref in chosen().refs if ref.key == "run:a-run")


STARTED = {"type": "started", "epoch": 0, "step": 0, "steps_per_epoch": 1, "images": 10}
BATCH = {
    "type": "batch",
    "epoch": 0,
    "step": 1,
    "loss": 1.0,
    "accuracy": 0.5,
    "images_per_second": 1.0,
    "learning_rate": 1.0,
}


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (None, "waiting to be trained further, not tested yet"),
        (STARTED, "still training, not tested yet"),
        ({"type": "paused"}, "paused in training, not tested yet"),
        ({"type": "interrupted"}, "interrupted in training, not tested yet"),
        ({"type": "failed", "reason": "why"}, "its training failed, not tested"),
        ({"type": "stopped"}, "not tested"),
        ({"type": "queued"}, "waiting to be trained further, not tested yet"),
    ],
)
def test_a_model_without_scores_says_what_became_of_its_run(event, said, convlens_home):
    ref = a_run(convlens_home, *([STARTED, BATCH, event] if event else []))
    assert history.read_status(ref.path) == history.read(ref.path).status
    assert (
        models.describe(ref)
        == f"Digits · {ref.card.architecture.parameters:,} parameters · {said} · {begun(time.time())}"
    )


def test_every_state_of_a_run_has_its_words():
    scored = {"finished", "stopped"}
    assert models.UNTESTED.keys() | scored == set(history.STATUS_AFTER.values())


def test_the_picker_says_it_on_a_page(convlens_home):
    a_run(convlens_home, STARTED, {"type": "failed", "reason": "why"})
    at = opened(site.info("filters"), "run:a-run")
    assert any("its training failed, not tested" in caption.value for caption in at.sidebar.caption)


SCORES = {
    "accuracy": 0.5,
    "macro_f1": 0.5,
    "loss": 1.0,
    "images": 10,
    "confusion_matrix": [[int(row == column) for column in range(10)] for row in range(10)],
}
DAMAGES = {
    "test lacks a key": {"test": {"accuracy": 0.5}},
    "test is empty": {"test": {}},
    "dataset is null": {"dataset": None},
    "title is a list": {"title": ["x"]},
    "accuracy is a word": {"test": {**SCORES, "accuracy": "much"}},
    "confusion matrix is not square": {"test": {**SCORES, "confusion_matrix": [[1, 2]]}},
    "confusion matrix holds halves": {"test": {**SCORES, "confusion_matrix": [[0.5] * 10] * 10}},
    "versions is a list": {"versions": []},
    "settings is null": {"settings": None},
    "architecture is null": {"architecture": None},
    "a class too few": {"classes": ["0"]},
    "created is a number": {"created": 3},
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_one_damaged_card_is_named_and_the_rest_stands(damage, convlens_home):
    write_model(convlens_home, "good", test=SCORES)
    write_model(convlens_home, "bad_one", test=SCORES)
    path = convlens_home / "runs" / "bad_one" / checkpoints.CARD
    card = json.loads(path.read_text())
    path.write_text(json.dumps({**card, **damage}))
    at = opened(site.PAGES[0])
    assert not at.exception
    (warning,) = at.warning
    assert warning.value.startswith("**bad_one** is damaged. The card cannot be read")
    assert str(convlens_home) not in warning.value
    assert any(text.value.startswith("**good") for text in at.markdown)
    assert {ref.key for ref in chosen().refs} == {*checkpoints.names(), "run:good"}


@pytest.mark.parametrize("name", [records.SPEC, records.EVENTS, records.METRICS])
def test_a_run_of_the_servers_own_that_is_damaged_is_named_and_the_rest_stands(name, convlens_home):
    write_model(convlens_home, "good", test=SCORES)
    write_model(convlens_home, "bad_one", test=SCORES)
    path = convlens_home / "runs" / "bad_one" / name
    path.unlink(missing_ok=True)
    path.symlink_to(path)
    at = opened(site.PAGES[0])
    assert not at.exception
    (warning,) = at.warning
    assert warning.value.startswith("**bad_one** is damaged. The run 'bad_one' cannot be read: ")
    assert {ref.key for ref in chosen().refs} == {*checkpoints.names(), "run:good"}


@pytest.mark.parametrize(
    "contents", [b"", b"\x80", b"{}", b"[]", b"9" * 5000, b"[" * 100_000], ids=lambda data: repr(data[:4])
)
def test_a_card_that_is_no_card_is_named(contents, convlens_home):
    write_model(convlens_home, "bad", test=SCORES)
    (convlens_home / "runs" / "bad" / checkpoints.CARD).write_bytes(contents)
    assert [ref.key for ref in chosen().refs] == checkpoints.names()
    ((name, why),) = chosen().damaged.items()
    assert name == "bad"
    assert re.match(r"the card (of 'bad' )?cannot be read", why)


LINKED, PICKER = "model", "model-picker"
THEIRS = owner_of("another-browser")


def offered(at: AppTest) -> list[str]:
    """What the picker of a page holds."""
    return at.selectbox(key=PICKER).options


def linked(value: str, folder: str = "inside/filters") -> AppTest:
    return open_app(folder, link={Shared.MODEL: value})


def test_pickers_list_shipped_own_and_the_servers_own_but_nobody_elses(convlens_home):
    write_model(convlens_home, "servers")
    write_model(convlens_home, run_id(BROWSER), owner=owner_of(BROWSER))
    write_model(convlens_home, run_id("another-browser"), owner=THEIRS)
    own = run_id(BROWSER)
    assert offered(opened(site.info("filters"))) == [
        *checkpoints.names(),
        own,
        "servers",
    ]


def run_id(browser: str) -> str:
    """The id of a run of this browser."""
    return f"20260101-000000-digits-{owner_of(browser)[:8]}00000000"


def test_a_model_that_a_link_opened_stays_on_all_pages_and_goes_with_the_session(convlens_home):
    theirs = run_id("another-browser")
    write_model(convlens_home, theirs, owner=THEIRS)
    label = theirs
    at = linked(f"run:{theirs}")
    assert at.selectbox(key=PICKER).value == f"run:{theirs}"
    at.query_params.clear()
    at.switch_page("pages/inside/feature_maps/page.py").run()
    assert not at.exception
    assert at.selectbox(key=PICKER).value == f"run:{theirs}"
    at.selectbox(key=PICKER).set_value(checkpoints.names()[0]).run()
    assert label in offered(at)
    assert label not in offered(opened(site.info("filters")))


def test_the_title_in_a_link_is_not_believed(convlens_home):
    theirs = run_id("another-browser")
    write_model(convlens_home, theirs, owner=THEIRS)
    about.change(convlens_home / "runs" / theirs, title="what it is called now")
    at = linked(f"The teacher's best · 100 % · {theirs}")
    assert at.selectbox(key=PICKER).value == f"run:{theirs}"
    assert offered(at)[-1] == "what it is called now"
    assert at.query_params[Shared.MODEL] == f"run:{theirs}"
    assert not any("teacher" in text.value for text in [*at.markdown, *at.caption])


@pytest.mark.parametrize(
    "run", ["nowhere", "", "..", "../../etc", "x" * 300, "a\\b", "[a](b)", "-", "nothing yet"]
)
def test_a_link_to_no_model_gives_the_default(run, convlens_home):
    records.create(
        Architecture((1, 28, 28), SMALL, 10), TrainSettings(), path=convlens_home / "runs" / "nothing yet"
    )
    for value in (f"title · {run}", f"run:{run}"):
        at = linked(value)
        assert at.selectbox(key=PICKER).value == checkpoints.names()[0]
        assert offered(at) == checkpoints.names()
        assert Shared.MODEL not in at.query_params


def test_a_session_remembers_so_many_that_links_opened(convlens_home, monkeypatch):
    monkeypatch.setattr(models, "MOST_OPENED", 2)
    state = {}
    monkeypatch.setattr(st, "session_state", state)
    for number in range(4):
        write_model(convlens_home, f"{run_id('another-browser')[:-1]}{number}", owner=THEIRS)
        monkeypatch.setattr(st, "query_params", {LINKED: f"m · {run_id('another-browser')[:-1]}{number}"})
        assert models.linked_model(LINKED) == f"run:{run_id('another-browser')[:-1]}{number}"
    assert [run[-1] for run in state[Shared.OPENED]] == ["2", "3"]


def test_home_lists_what_the_pickers_do(convlens_home):
    write_model(convlens_home, run_id("another-browser"), owner=THEIRS, test=SCORES)
    write_model(convlens_home, "servers", test=SCORES)
    said = "\n".join(text.value for text in opened(site.PAGES[0]).markdown)
    assert "servers" in said
    assert THEIRS[:8] not in said


def test_a_link_opens_anybodys_kernels_in_the_convolution_laboratory(convlens_home):
    theirs = run_id("another-browser")
    write_model(convlens_home, theirs, owner=THEIRS)
    link = {Convolution.LEARNED: "true", Convolution.LEARNED_MODEL: f"made up · {theirs}"}
    at = open_app("operations/convolution", link=link, drawers=[Convolution.WEIGHTS_OPEN])
    assert at.selectbox(key=f"{Convolution.LEARNED_MODEL}-picker").value == f"run:{theirs}"
    assert at.query_params[Convolution.LEARNED_MODEL] == f"run:{theirs}"
