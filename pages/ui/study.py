"""The precomputed runs that two pages show: curves without and with one change, and the same as a table."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from cnn_core.studies.overfitting import EXPERIMENTS, STUDY_FILE, Study, StudyError, StudyRun, read_study
from pages.ui.charts import TRAINING, VALIDATION, Spec, colours, config, number, tooltip
from pages.ui.twin import twin

HEIGHT = 300  # px
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
        st.error(str(error), icon=":material/error:")
        st.stop()


def curves(
    names: list[str],
    quantity: str,
    *,
    running: bool = False,
    titles: Mapping[str, str] | None = None,
) -> None:
    """Runs side by side on one scale: training blue, validation orange; thin: each seed, thick: their mean.

    `quantity` is "loss" or "accuracy"; `running` shows training as a loop reports it while it trains; `titles`
    calls a run by another name than its own.
    """
    shown, called = study(), _titles(names, titles)
    training = f"{'running' if running else 'training'}_{quantity}"
    rows = [
        (called[name], series, f"{seed}", epoch, value)
        for name in names
        for series, field in (("training", training), ("validation", f"validation_{quantity}"))
        for seed, values in {**_seeds(shown.runs[name], field), "mean": shown.runs[name].mean(field)}.items()
        for epoch, value in enumerate(values, 1)
        if value is not None
    ]
    frame = pd.DataFrame(rows, columns=["run", "series", "seed", "epoch", quantity])
    low, high = frame[quantity].min(), frame[quantity].max()
    domain = [0 if quantity == "loss" else low, high]
    for place, title in zip(st.columns(len(names), gap="medium"), called.values()):
        with place:
            st.markdown(f"**{title}**")
            st.vega_lite_chart(
                frame[frame["run"] == title],
                _chart(quantity, domain),
                height=HEIGHT,
                alt=f"{quantity.title()} by epoch, {title}; the table below has the final values.",
            )
    _origin(shown)


def _chart(quantity: str, domain: list[float]) -> Spec:
    mean = "datum.seed == 'mean'"
    return {
        "mark": {"type": "line"},
        "encoding": {
            "x": number("epoch", "epoch"),
            "y": number(quantity, LABELS[quantity], scale={"domain": domain}),
            "color": colours({"training": TRAINING, "validation": VALIDATION}),
            "detail": {"field": "seed"},
            "opacity": {"condition": {"test": mean, "value": 1}, "value": 0.35},
            "strokeWidth": {"condition": {"test": mean, "value": 3}, "value": 1},
            "tooltip": tooltip("run", "series", "seed", "epoch", f"#{quantity}"),
        },
        "config": config(),
    }


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


def finals(names: list[str], titles: Mapping[str, str] | None = None) -> None:
    """The last epoch as a table: means over the seeds, and the range of the validation scores."""
    runs = [study().runs[name] for name in names]
    accuracies = [run.final("validation_accuracy") for run in runs]
    st.dataframe(
        pd.DataFrame(
            {
                "change": list(_titles(names, titles).values()),
                "training loss": [run.final("training_loss")[0] for run in runs],
                "validation loss": [run.final("validation_loss")[0] for run in runs],
                "training accuracy": [f"{run.final('training_accuracy')[0]:.1%}" for run in runs],
                "validation accuracy": [f"{mean:.1%}" for mean, _, _ in accuracies],
                "of its seeds": [f"{low:.1%} to {high:.1%}" for _, low, high in accuracies],
            }
        ),
        hide_index=True,
    )
    twin(
        "Every epoch as a table",
        {title: _epochs(run) for title, run in zip(_titles(names, titles).values(), runs)},
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
