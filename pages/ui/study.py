"""The precomputed runs that two pages show: curves without and with one change, and the same as a table."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd
import streamlit as st

from cnn_core.figures import charts as print_charts
from cnn_core.figures.picture import Picture
from cnn_core.studies.overfitting import EXPERIMENTS, STUDY_FILE, Study, StudyError, StudyRun, read_study
from pages.ui.charts import (
    TRAINING,
    VALIDATION,
    Chart,
    Look,
    Tables,
    chart_kind,
    hover,
    limits,
    series,
    table,
)
from pages.ui.twin import twin
from pages.ui.words import percent, sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEIGHT = 300  # px
COLOURS = {"training": TRAINING, "validation": VALIDATION}
LABELS = {"loss": "cross-entropy", "accuracy": "accuracy"}


@st.cache_data(max_entries=2, show_spinner=False)
def _study(stamp: int) -> Study:
    return read_study()


def study() -> Study:
    """The shipped runs; the page ends with a sentence where the file is missing or damaged."""
    try:
        stamp = STUDY_FILE.stat().st_mtime_ns if STUDY_FILE.is_file() else 0
        return _study(stamp)
    except StudyError as error:
        st.error(sentence(str(error)), icon=":material/error:")
        st.stop()


def _figure(tables: Tables, *, title: str, source: str, options: dict[str, Any]) -> "Figure":
    return print_charts.lines(
        tables["table"],
        "epoch",
        "value",
        title=title,
        source=source,
        x_title="epoch",
        y_title=options["quantity"],
        series="series",
        colours=COLOURS,
        detail="seed",
        limits={"y": (options["low"], options["high"])},
    )


@chart_kind(
    {
        "table": {
            "epoch": [1, 1],
            "value": [0.4, 0.6],
            "series": ["training", "validation"],
            "seed": ["0", "mean"],
        }
    },
    figure=_figure,
    values={"low": 0.0, "high": 1.0},
    quantity="accuracy",
)
def study_curve(look: Look, *, quantity: str) -> Chart:
    """Training blue, validation orange; thin: each seed, thick: their mean."""
    mean = "datum.seed == 'mean'"
    drawn: Chart = (
        table()
        .mark_line()
        .encode(
            alt.X("epoch:Q", title="epoch"),
            alt.Y("value:Q", title=quantity, scale=limits("low", "high")),
            series(COLOURS),
            alt.Detail("seed:N"),
            opacity=alt.condition(mean, alt.value(1), alt.value(0.35)),
            strokeWidth=alt.condition(mean, alt.value(3), alt.value(1)),
            tooltip=hover("series", "seed", "epoch", "#value", value=quantity),
        )
    )
    return drawn


def curves(
    names: list[str],
    quantity: str,
    *,
    key: str,
    running: bool = False,
    titles: Mapping[str, str] | None = None,
) -> list[Picture]:
    """Runs side by side on one scale: training blue, validation orange; thin: each seed, thick: their mean.

    `quantity` is "loss" or "accuracy"; `running` shows training as a loop reports it while it trains; `titles`
    calls a run by another name than its own; `key` begins the pictures' keys.
    """
    shown, called = study(), _titles(names, titles)
    training = f"{'running' if running else 'training'}_{quantity}"
    rows = [
        (called[name], curve, f"{seed}", epoch, value)
        for name in names
        for curve, field in (("training", training), ("validation", f"validation_{quantity}"))
        for seed, values in {**_seeds(shown.runs[name], field), "mean": shown.runs[name].mean(field)}.items()
        for epoch, value in enumerate(values, 1)
        if value is not None
    ]
    frame = pd.DataFrame(rows, columns=["run", "series", "seed", "epoch", "value"])
    low = 0.0 if quantity == "loss" else float(frame["value"].min())
    drawn = []
    for place, (name, title) in zip(st.columns(len(names), gap="medium"), called.items()):
        with place:
            st.markdown(f"**{title}**")
            picture = study_curve.draw(
                {"table": frame[frame["run"] == title].drop(columns="run")},
                key=f"{key}-{name}",
                title=f"{quantity.title()}: {title}",
                alt=f"{quantity.title()} by epoch, {title}; the table below has the final values.",
                values={"low": low, "high": float(frame["value"].max())},
                height=HEIGHT,
                quantity=LABELS[quantity],
            )
            drawn.append(picture)
    _origin(shown)
    return drawn


def _titles(names: list[str], titles: Mapping[str, str] | None) -> dict[str, str]:
    return {name: EXPERIMENTS[name].title for name in names} | dict(titles or {})


def _seeds(run: StudyRun, field: str) -> dict[str, tuple[float | None, ...]]:
    return {str(seed): getattr(history, field) for seed, history in run.histories.items()}


def _origin(shown: Study) -> None:
    st.caption(
        f"Thin: seeds {', '.join(str(seed) for seed in shown.runs['baseline'].histories)}; thick: their mean."
        f" {shown.training_images} images of {shown.dataset.upper()}, validated on {shown.validation_images:,}"
        f" others; SGD, learning rate {shown.learning_rate:g}, momentum {shown.momentum:g}, batches of"
        f" {shown.batch_size}. Made by `{shown.command}`."
    )


def finals(names: list[str], pictures: Sequence[Picture], titles: Mapping[str, str] | None = None) -> None:
    """The last epoch as a table: means over the seeds, and the range of the validation scores; then every epoch.

    `pictures` are what `curves` drew of the same runs.
    """
    runs = [study().runs[name] for name in names]
    accuracies = [run.final("validation_accuracy") for run in runs]
    st.dataframe(
        pd.DataFrame(
            {
                "change": list(_titles(names, titles).values()),
                "training loss": [run.final("training_loss")[0] for run in runs],
                "validation loss": [run.final("validation_loss")[0] for run in runs],
                "training accuracy": [percent(run.final("training_accuracy")[0]) for run in runs],
                "validation accuracy": [percent(mean) for mean, _, _ in accuracies],
                "of its seeds": [f"{percent(low)} to {percent(high)}" for _, low, high in accuracies],
            }
        ),
        hide_index=True,
    )
    twin(
        "Every epoch as a table",
        {title: _epochs(run) for title, run in zip(_titles(names, titles).values(), runs)},
        pictures,
        f"{study().training_images} images of {study().dataset.upper()}, means over the seeds",
    )


def _epochs(run: StudyRun) -> pd.DataFrame:
    """Means over the seeds; "reported" is what the loop measured while it trained."""
    columns = {
        "training loss": "training_loss",
        "reported": "running_loss",
        "validation loss": "validation_loss",
        "training accuracy": "training_accuracy",
        "validation accuracy": "validation_accuracy",
    }
    means = {title: run.mean(field) for title, field in columns.items()}
    return pd.DataFrame({"epoch": range(1, len(run.mean("running_loss")) + 1), **means})
