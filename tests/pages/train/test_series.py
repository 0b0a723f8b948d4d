"""The experiments page: set up, started, followed to its end; what its numbers say, and who may do what."""

import json
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from cnn_core import limits
from cnn_core.judge.significance import Paired
from cnn_core.runs import jobs, live, series
from cnn_core.runs.jobs import JobManager
from cnn_core.runs.ownership import owner_of
from cnn_core.runs.series import Planned
from cnn_core.series.outcomes import Outcome, Score
from pages.train.doctor.keys import Key as Doctor
from pages.train.runs import choice
from pages.train.runs.keys import Key as Runs
from pages.train.series import run_list
from pages.train.series.findings import findings
from pages.train.series.keys import Key
from pages.ui.network.keys import NetworkKey, TrainingKey
from tests.conftest import BROWSER
from tests.support.made_runs import trained
from tests.support.opening import open_app, words
from tests.support.thread_launcher import queue_of_threads, wait

LINE = "conv4-pool4-flatten-linear10"
LINK = {NetworkKey.DATASET: "Digits", NetworkKey.NETWORK: LINE, Key.SETTINGS: "epochs=1"}
MINE = owner_of(BROWSER)


@pytest.fixture(autouse=True)
def manager() -> Iterator[JobManager]:
    with queue_of_threads():
        yield jobs.manager()


def opened(**link: str) -> AppTest:
    return open_app("train/series", link={**LINK, **{Key[name]: value for name, value in link.items()}})


def pressed(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def finished(line: str = LINE, **settings: object) -> Planned:
    """A run of the visitor's as a part of an experiment."""
    run = trained(line, MINE, **settings)
    return Planned(f"{run.settings.learning_rate:g}", run.architecture, run.settings, run=run.id)


def ended(kind: str, subject: str, *runs: Planned, owner: str = MINE) -> str:
    """An experiment that has ended; its id."""
    made = series.create(owner, kind, subject, runs[0].settings, runs)
    text = json.loads((series.home() / f"{made.id}.json").read_text())
    (series.home() / f"{made.id}.json").write_text(json.dumps({**text, "state": "ended"}))
    return made.id


def test_an_experiment_is_started_and_followed_to_its_end(manager: JobManager) -> None:
    at = opened(KIND="Several seeds")
    assert "appears here" in at.info[0].value
    assert "5 runs: about" in words(at)
    at.number_input(key=f"{Key.SEEDS}-seeds").set_value(2).run()
    assert "2 runs: about" in words(at)
    pressed(at, "Start")
    name = at.session_state[Key.SHOWN]
    assert at.query_params[Key.SHOWN] in (name, [name])
    wait(lambda: manager.series.get(name).state == "ended", 120)
    at.run()
    scores = [live.read(one.run).test for one in manager.series.get(name).runs]
    known = [score["accuracy"] for score in scores if score is not None]
    assert len(known) == 2
    assert f"**{50 * sum(known):.2f}\u00a0%** is the mean of 2 seeds" in words(at)
    assert "2 of 2 runs done" in words(at)
    assert len(at.get("vega_lite_chart")) == 2
    assert [key for key in at.session_state if key == f"{Key.SCORES}-download"]


def test_what_cannot_be_is_said_and_not_started() -> None:
    at = opened(KIND="One setting, several values")
    start = next(button for button in at.button if button.label == "Start")
    assert not start.disabled
    at.text_input(key=f"{Key.VALUES}-values-learning_rate").set_value("fast").run()
    assert "Learning rate cannot be 'fast'" in at.warning[0].value
    assert next(button for button in at.button if button.label == "Start").disabled
    at.text_input(key=f"{Key.VALUES}-values-learning_rate").set_value("0.1 0.01 0.001").run()
    at.number_input(key=f"{Key.SEEDS}-values").set_value(5).run()
    assert "These are 15 runs; an experiment may have 12 here." in at.warning[0].value
    with limits.using(training="off"):
        assert "training is switched off" in opened().warning[0].value


def test_a_run_is_repeated_with_one_change_and_is_not_trained_again() -> None:
    run = trained(LINE, MINE, epochs=1, seed=3)
    at = opened(KIND="One change, same seed", FROM=run.id)
    assert "1 run, beside 1 that there is already" in words(at)
    assert at.query_params[Key.FROM] in (run.id, [run.id])


def test_what_is_shown_is_computed_from_its_runs() -> None:
    slow, fast = finished(epochs=1, learning_rate=1e-6), finished(epochs=3, learning_rate=0.02)
    name = ended("values", "learning_rate", slow, fast)
    at = opened(SHOWN=name)
    scores = [live.read(one.run).test for one in (slow, fast)]
    best = f"Best: **0.02** with {100 * scores[1]['accuracy']:.2f}\u00a0%"  # type: ignore[index]
    assert best in words(at).replace("\\", "")
    assert "are **told apart**" in words(at)
    assert "One seed each" in words(at)
    links = [
        link.proto.page for link in open_app("train/series", link={**LINK, Key.RUNS: "true"}).get("page_link")
    ]
    assert links.count("confusion") == 2


def test_it_is_guessed_before_its_scores_are_seen() -> None:
    slow, fast = finished(epochs=1, learning_rate=1e-6), finished(epochs=3, learning_rate=0.02)
    ended("values", "learning_rate", slow, fast)
    at = opened(PREDICT="true")
    assert not at.get("vega_lite_chart")
    guess = next(one for one in at.get("button_group") if "most often" in one.label)
    guess.set_value("1e-06").run()
    assert "it is 0.02" in at.error[0].value.replace("\\", "")
    assert len(at.get("vega_lite_chart")) == 2


def test_somebody_else_s_experiment_is_looked_at_by_link_only() -> None:
    name = ended("values", "learning_rate", finished(epochs=1), owner=owner_of("another"))
    assert "Another browser started this" in words(opened(SHOWN=name))
    assert "appears here" in opened().info[0].value
    assert "no such experiment" in opened(SHOWN="../../etc").info[0].value


def outcome(label: str, *accuracies: float, at: float | None = None, group: str = "") -> Outcome:
    scores = tuple(Score(seed, one, 1000, label) for seed, one in enumerate(accuracies))
    return Outcome(label, scores, at, group)


def said(*outcomes: Outcome, log: bool = False, disagreement: Paired | None = None) -> str:
    return "\n".join(
        findings(outcomes, lambda a, b: disagreement, axis="images", log=log, ended=True)
    ).replace("\u00a0", " ")


def test_sentences_are_made_of_the_numbers() -> None:
    apart = said(outcome("a", 0.90, 0.91, 0.92), outcome("b", 0.93, 0.94, 0.95))
    assert (
        "Best: **b** with 94.00 %, then a with 91.00 %. The difference is 3.00 points ± 0.00 points" in apart
    )
    assert "**told apart from chance**" in apart
    assert "not told apart" in said(outcome("a", 0.90, 0.95, 0.92), outcome("b", 0.93, 0.92, 0.93))
    one_each = said(outcome("a", 0.90), outcome("b", 0.91), disagreement=Paired(880, 20, 30, 70))
    assert "only b has 30 right, only a 20" in one_each
    assert "in 20.3 % of cases: these two networks are **not told apart**" in one_each
    more = said(
        outcome("10", 0.4, at=10), outcome("100", 0.8, at=100), outcome("1,000", 0.9, at=1000), log=True
    )
    assert "brings +40.0 points between 10 and 100, and +10.0 points between 100 and 1,000" in more
    skips = [
        outcome(f"{depth}, {group}", score, at=depth, group=group)
        for depth, group, score in (
            (3, "plain", 0.8),
            (3, "skips", 0.81),
            (9, "plain", 0.6),
            (9, "skips", 0.82),
        )
    ]
    assert "What skips bring, by images: +1.0 points at 3, +22.0 points at 9." in said(*skips)
    assert said(outcome("a")) == ""


def test_the_spread_over_seeds_is_said() -> None:
    values = (0.90, 0.92, 0.91, 0.93, 0.89)
    text = said(outcome("as it is", *values))
    assert "**91.00 %** is the mean of 5 seeds; the worst had 89.00 %, the best 93.00 %" in text
    # s = 0.0158, t = 2.776: 2.776 · 1.581 / √5 and 2.776 · 1.581 · √2
    assert "±1.96 points" in text
    assert "**6.21 points** only one time in twenty" in text


def test_the_builder_s_settings_are_taken_over_and_its_link_gives_them_back() -> None:
    at = open_app("train/builder", link={NetworkKey.DATASET: "Digits"})
    at.number_input(key=TrainingKey.EPOCHS).set_value(7).run()
    at.switch_page("pages/train/series/page.py").run()
    assert at.number_input(key=Key.EPOCHS).value == 7
    assert at.query_params[Key.SETTINGS] in ("epochs=7", ["epochs=7"])
    at.number_input(key=Key.EPOCHS).set_value(2).run()
    assert at.query_params[Key.SETTINGS] in ("epochs=2", ["epochs=2"])
    assert "Digits: epochs 2." in words(at)
    back = next(link.proto for link in at.get("page_link") if link.proto.label == "Other settings")
    assert "builder-epochs=2" in back.query_string


def test_links_to_other_pages_say_what_these_read() -> None:
    assert (run_list.COMPARED, run_list.BETWEEN) == (Runs.CHOSEN, choice.BETWEEN)
    assert len(choice.LETTERS) == run_list.MOST_COMPARED
    assert run_list.EXAMINED == Doctor.RUN
