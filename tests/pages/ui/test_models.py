"""The models that pages share: what the picker says of each, damaged folders, networks that give no numbers."""

import json
import math
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import checkpoints
from cnn_core.networks.architecture import Architecture
from cnn_core.runs import history, records
from cnn_core.training.settings import TrainSettings
from pages.operations.convolution.keys import Key as Convolution
from pages.operations.pooling.keys import Key as Pooling
from pages.play.draw.keys import Key as Draw
from pages.ui import models, site
from pages.ui.keys import Shared
from tests.support.trained_models import SMALL, write_model, write_without_numbers

ROOT = Path(__file__).parents[3]
SENTENCE = checkpoints.NO_NUMBERS[:1].upper() + checkpoints.NO_NUMBERS[1:]
# What a page has to be asked for before it runs the chosen network.
ASKED: dict[str, dict[str, object]] = {
    "convolution": {Convolution.LEARNED: True, Convolution.LEARNED_MODEL: "broken · broken"},
    "pooling": {Pooling.PART: "Shift test"},
    "draw": {Draw.INPUT: "Test image"},
}
OVERFLOWING = {"NaN": math.nan, "infinite": math.inf, "too large": 1e38}


def runs_a_network(page: site.PageInfo) -> bool:
    """Whether a network is chosen somewhere on the page."""
    modules = (ROOT / page.script).parent.rglob("*.py")
    chosen = any(re.search(r"\b(chosen|pick)_model\(", path.read_text("utf-8")) for path in modules)
    return chosen or page.name in ASKED


def chosen() -> models.Models:
    """What a visitor with no link may choose."""
    return models.models()


def opened(page: site.PageInfo, model: str | None = None) -> AppTest:
    at = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    if model is not None:
        at.session_state[Shared.MODEL] = model
    for key, value in ASKED.get(page.name, {}).items():
        at.session_state[key] = value
    return at.switch_page(page.script).run()


@pytest.mark.parametrize("page", site.PAGES, ids=lambda page: page.name)
def test_a_network_that_gives_no_numbers_is_one_sentence_on_every_page(page, convlens_home):
    write_without_numbers(convlens_home, "broken", math.nan)
    at = opened(page, "run:broken")
    assert not at.exception
    assert [error.value for error in at.error] == ([SENTENCE] if runs_a_network(page) else [])


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
    assert models.describe(ref) == f"Digits · {ref.card.architecture.parameters:,} parameters · {said}"


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
