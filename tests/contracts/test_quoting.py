"""Nothing that somebody else wrote is made anything of: every page, with hostile texts through every way in."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.operations.activations.keys import Key as Activations
from pages.operations.convolution.keys import Key as Convolution
from pages.operations.pooling.keys import Key as Pooling
from pages.play.draw.keys import Key as Draw
from pages.train.step.keys import Key as Step
from pages.train.step.situation import TRAINED
from pages.ui.keys import Shared
from pages.ui.run_names import RUN_PREFIX
from pages.ui.site import PAGES, PageInfo
from tests.support.hostile_texts import ELSEWHERE, ONE_OF_ALL
from tests.support.link_keys import keys_of
from tests.support.opening import ROOT, open_app
from tests.support.shown_texts import naming_folders, of_test, rendered
from tests.support.strangers import BATCH, NAME, run_of_a_stranger

MODULES = sorted((ROOT / "pages").rglob("*.py"))
ESCAPING = ("sentence", "as_text")
# What opens the rest of a page on which a network is chosen.
ASKED: dict[str, dict[str, str]] = {
    "activations": {Activations.LOGITS: "the network"},
    "draw": {Draw.INPUT: "Test image"},
    "convolution": {Convolution.LEARNED: "true"},
    "pooling": {Pooling.SHIFT_ON: "A trained network"},
    "step": {Step.FROM: TRAINED},
}
DRAWERS = {"convolution": (Convolution.WEIGHTS_OPEN,)}
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def parts(page: PageInfo, at: AppTest) -> Iterator[dict[str, str]]:
    """Links that open each part of a page in turn."""
    key = keys_of(page).__members__.get("PART")
    if key is None:
        yield {}
    else:
        yield from ({key: tab.label} for tab in at.tabs)


@every_page
def test_a_stranger_s_model_is_quoted(page: PageInfo, convlens_home: Path) -> None:
    run_of_a_stranger(convlens_home, {"type": "finished", "accuracy": 0.5, "macro_f1": 0.5})
    model = f"{RUN_PREFIX}{NAME}"
    told = False
    for link in parts(page, open_app(page.folder)):
        asked, drawers = ASKED.get(page.name, {}), DRAWERS.get(page.name, ())
        at = open_app(page.folder, model=model, link={**link, **asked}, drawers=drawers)
        told = told or any(ELSEWHERE in text for _, text in of_test(at))
        assert rendered(of_test(at)) == []
        assert naming_folders(of_test(at)) == []
    assert told or page.name == "builder"


@pytest.mark.parametrize(
    "last",
    [
        {"type": "queued"},
        BATCH,
        {"type": "paused", "reason": ONE_OF_ALL},
        {"type": "interrupted", "reason": ONE_OF_ALL},
        {"type": "failed", "reason": ONE_OF_ALL},
        {"type": "stopped"},
        {"type": "finished", "accuracy": 0.5, "macro_f1": 0.5},
    ],
    ids=lambda event: event["type"],
)
def test_a_stranger_s_run_is_quoted_in_every_state(last: dict[str, object], convlens_home: Path) -> None:
    run_of_a_stranger(convlens_home, last)
    at = open_app("train/builder", link={Shared.RUN: NAME})
    assert any(ELSEWHERE in text for _, text in of_test(at))
    assert rendered(of_test(at)) == []
    assert naming_folders(of_test(at)) == []


def quotes_an_error(module: Path) -> Iterator[int]:
    """The lines on which a page uses a caught error other than through `sentence` or `as_text`."""
    tree = ast.parse(module.read_text("utf-8"))
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for handler in ast.walk(tree):
        if not isinstance(handler, ast.ExceptHandler) or handler.name is None:
            continue
        for node in (node for part in handler.body for node in ast.walk(part)):
            if not isinstance(node, ast.Name) or node.id != handler.name:
                continue
            user = above[node]
            if isinstance(user, ast.Attribute) and user.attr in ("strerror", "errno"):
                continue
            if isinstance(user, ast.Call) and ast.unparse(user.func) in ("misfit", "isinstance"):
                continue
            if isinstance(user, ast.Call) and ast.unparse(user.func) == "str":
                asker = above[user]
                if isinstance(asker, ast.Call) and ast.unparse(asker.func) in ESCAPING:
                    continue
                if isinstance(asker, ast.Assign):  # kept as it is, for who shows it
                    continue
            yield node.lineno


def test_every_caught_error_is_quoted() -> None:
    assert [(path.name, line) for path in MODULES for line in quotes_an_error(path)] == []


def test_no_markdown_may_hold_html() -> None:
    assert [path.name for path in MODULES if "unsafe_allow_html" in path.read_text("utf-8")] == []
