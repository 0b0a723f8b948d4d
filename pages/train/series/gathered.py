"""An experiment's runs as their folders tell them, and what they add up to for each variant."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from cnn_core.arrays import Integers
from cnn_core.data import datasets
from cnn_core.judge.significance import Paired, paired
from cnn_core.runs import live, predictions, records
from cnn_core.runs.history import Run
from cnn_core.runs.series import Planned, Series
from cnn_core.series.outcomes import Outcome, Score
from pages.ui.run_state import LOOKS


@dataclass(frozen=True)
class Part:
    """One run of an experiment: what was asked for, and the run where there is one."""

    planned: Planned
    run: Run | None

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        if self.planned.open:
            return False
        return self.run is None or not (self.run.active or self.run.resumable)

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.planned.reason:
            return "not possible"
        if self.run is None:
            return "not begun" if self.planned.open else "deleted"
        return LOOKS[self.run.status].words

    @property
    def score(self) -> Score | None:
        """Its score on the test images; None where it has none."""
        if self.run is None or self.run.test is None or self.run.active:
            return None
        test = self.run.test
        return Score(self.planned.settings.seed, test["accuracy"], test["images"], self.run.id)


def parts_of(series: Series) -> list[Part]:
    """The runs in the order in which they were asked for."""
    return [Part(planned, _run(planned.run)) for planned in series.runs]


def _run(run_id: str) -> Run | None:
    if not run_id:
        return None
    try:
        return live.read(run_id)
    except records.RunError:
        return None


def by_variant(parts: Sequence[Part]) -> dict[str, list[Part]]:
    """The runs of each variant, by its label, in order."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.planned.label, []).append(part)
    return found


def outcomes(parts: Sequence[Part]) -> list[Outcome]:
    """The scores of each variant."""
    return [
        Outcome(
            label,
            tuple(score for part in group if (score := part.score) is not None),
            group[0].planned.at,
            group[0].planned.group,
        )
        for label, group in by_variant(parts).items()
    ]


def curves(parts: Sequence[Part], field: str, over_time: bool) -> pd.DataFrame:
    """`label`, `epoch`, `value`, `low`, `high`: of each variant the mean over its runs, and the least and the most.

    `field` names a field of `events.Epoch`. With `over_time` the epochs stand at the seconds of training until then.
    """
    rows = []
    for label, group in by_variant(parts).items():
        runs = [part.run for part in group if part.run is not None]
        for number in range(max((len(run.epochs) for run in runs), default=0)):
            there = [run for run in runs if len(run.epochs) > number]
            values = [v for run in there if isinstance(v := run.epochs[number].get(field), int | float)]
            if not values or (number and len(there) < len([run for run in runs if run.epochs])):
                continue  # a mean over fewer runs than before would jump
            seconds = [sum(epoch["seconds"] for epoch in run.epochs[: number + 1]) for run in there]
            place = float(np.mean(seconds)) if over_time else number + 1.0
            rows.append((label, place, float(np.mean(values)), min(values), max(values)))
    return pd.DataFrame(rows, columns=["label", "epoch", "value", "low", "high"])


def disagree(dataset: str, first: Score, second: Score) -> Paired | None:
    """How often only one of two runs is right on the same test images; None where their answers are not kept."""
    answers = [_answers(score.run, score.images) for score in (first, second)]
    if answers[0] is None or answers[1] is None or datasets.problem(dataset):
        return None
    labels = datasets.load(dataset).y_test
    if not len(labels) == len(answers[0]) == len(answers[1]):
        return None
    return paired(labels, answers[0], answers[1])


@st.cache_data(max_entries=64, show_spinner=False)
def _answers(run_id: str, images: int) -> Integers | None:
    """The classes `(N,)` that a run's best weights answer to the test images."""
    run = _run(run_id)
    if run is None:
        return None
    probabilities = predictions.read(run.path, images, run.architecture.classes)
    return None if probabilities is None else np.asarray(probabilities.argmax(1), np.int64)


def table(parts: Sequence[Part], axis: str) -> pd.DataFrame:
    """A row for each run."""
    rows = []
    for part in parts:
        run, asked = part.run, part.planned
        test = None if run is None else run.test
        rows.append(
            {
                axis: asked.label,
                "seed": asked.settings.seed,
                "state": part.state,
                "test accuracy": None if test is None else test["accuracy"],
                "test loss": None if test is None else test["loss"],
                "macro F1": None if test is None else test["macro_f1"],
                "epochs": 0 if run is None else len(run.epochs),
                "seconds": None if run is None else sum(epoch["seconds"] for epoch in run.epochs),
                "parameters": asked.architecture.parameters,
                "run": asked.run,
            }
        )
    return pd.DataFrame(rows)
