"""What stands beside a run's curves: where it is, what can be done to it, and what it led to."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.judge.guessing import no_better_than_guessing
from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.networks import shorthand
from cnn_core.runs import history, listing
from cnn_core.runs.jobs import JobManager, manager
from cnn_core.runs.time_left import roughly, seconds_left, seconds_until
from cnn_core.training.settings import SETTINGS
from pages.train.builder.keys import Key
from pages.train.builder.learning_rate import rate_field
from pages.ui.controls import shut, stays_shut
from pages.ui.curve_points import best_epoch
from pages.ui.keys import Shared
from pages.ui.network import state as network_state
from pages.ui.run_acts import act, done, forget
from pages.ui.run_names import run_key
from pages.ui.site import link_to
from pages.ui.words import percent, sentence

INSIDE = ("filters", "feature_maps", "confusion")
BEST_FOR = "the weights with the best score on the validation images are kept"


def show_status(run: history.Run, mine: bool, acts: DeltaGenerator) -> None:
    """What a run's state is, in words; `acts` gets what may be done to it where it is `mine`."""
    _STATES[run.status](run, mine, acts)


def _queued(run: history.Run, mine: bool, acts: DeltaGenerator) -> None:
    position = manager().position(run.id)
    if position is None:
        st.info("This run waits in the queue of another server.", icon=":material/hourglass_empty:")
    elif position == 0:
        st.progress(0.0, "Starting")
    else:
        others = "One run is" if position == 1 else f"{position} runs are"
        whose = "yours" if mine else "it"
        st.info(
            f"Waiting in the queue. {others} before {whose}: about"
            f" {roughly(seconds_until(*manager().before(run.id)))} until {whose} starts.",
            icon=":material/hourglass_empty:",
        )
    if mine:
        words = "Cancel" if position == 0 else "Leave the queue"
        acts.button(words, on_click=_leave, args=(run.id,), icon=":material/close:")


def _leave(run_id: str) -> None:
    if done(JobManager.stop, run_id) and listing.head(run_id) is None:  # nothing of it was worth keeping
        forget()


def _running(run: history.Run, mine: bool, acts: DeltaGenerator) -> None:
    st.progress(run.progress, _progress(run))
    if not mine:
        return
    with acts:
        st.button("Pause", on_click=act, args=(JobManager.pause, run.id), icon=":material/pause:")
        st.button("Stop", on_click=act, args=(JobManager.stop, run.id), icon=":material/stop:")
        with st.popover(
            "Learning rate",
            icon=":material/speed:",
            key=Key.RATES,
            on_change=stays_shut,
            args=(Key.RATES,),
        ):
            rate_field(
                "New learning rate", SETTINGS["learning_rate"], run.settings.learning_rate, Key.NEW_RATE
            )
            st.button("Use it from the next batch on", on_click=_new_rate, args=(run.id,))
            if run.settings.schedule != "constant":
                st.caption("It then stays there: the schedule ends.")


def _new_rate(run_id: str) -> None:
    act(JobManager.set_learning_rate, run_id, st.session_state[Key.NEW_RATE])
    shut(Key.RATES)  # it would lie over the curves that it changes


def _progress(run: history.Run) -> str:
    if not run.batches:
        return "Reading the images"
    last, epochs = run.batches[-1], run.settings.epochs
    if run.progress >= 1:
        return "Scoring the best weights on the test images"
    parts = [f"Epoch {min(last['epoch'] + 1, epochs)} of {epochs}"]
    if (left := seconds_left(run)) is not None:
        parts.append(f"about {roughly(left)} left")
    parts += [f"{run.images_per_second:,.0f} images/s", f"learning rate {last['learning_rate']:.2g}"]
    if (memory := last.get("memory")) is not None:
        parts.append(f"{memory / 1e9:.1f} GB of memory")
    if (best := best_epoch(run)) is not None:
        parts.append(f"best: epoch {best['epoch'] + 1}, kept")
    return " · ".join(parts)


def _resumable(run: history.Run, mine: bool, acts: DeltaGenerator) -> None:
    reason = sentence(run.reason) or f"Paused at {percent(run.progress, 0)}."
    st.warning(reason, icon=":material/pause_circle:")
    if mine:
        acts.button(
            "Resume",
            on_click=act,
            args=(JobManager.resume, run.id),
            icon=":material/play_arrow:",
            type="primary",
            disabled=not limits().trains,
            help=None if limits().trains else SHOWS_ONLY,
        )


def _failed(run: history.Run, mine: bool, acts: DeltaGenerator) -> None:
    st.error(sentence(run.reason), icon=":material/error:")
    _links(run)


def _ended(run: history.Run, mine: bool, acts: DeltaGenerator) -> None:
    if run.test is not None:
        loss = "–" if run.test["loss"] is None else f"{run.test['loss']:.4f}"
        st.subheader(f"{percent(run.test['accuracy'], 2)} right", anchor=False)
        st.caption(
            f"{which_epoch(run)} on {run.test['images']:,} test images · macro F1 {run.test['macro_f1']:.4f}"
            f" · loss {loss}"
        )
        if advice := no_better_than_guessing(run.test, run.settings.learning_rate):
            st.warning(advice, icon=":material/trending_down:")
    if run.status == "finished" and run.reason:
        st.caption(sentence(run.reason))
    if run.status == "stopped":
        reason = f"{sentence(run.reason)} " if run.reason else ""
        st.caption(f"{reason}Stopped at {percent(run.progress, 0)}.")
    if worse := later_was_worse(run):
        st.caption(worse)
    _links(run)


def which_epoch(run: history.Run) -> str:
    """Whose scores a run's are: "Epoch 2 of 3, the best,"; the last epoch's where no images are held out."""
    best, done_ = best_epoch(run), len(run.epochs)
    if best is not None:
        return (
            f"**Epoch {best['epoch'] + 1}** of {done_}, the best on the validation images,"
            if done_ > 1
            else "Epoch 1"
        )
    return f"**Epoch {done_}**, the last," if done_ else "The weights when it was stopped,"


def later_was_worse(run: history.Run) -> str:
    """That epochs after the best one were worse, with the last one's score; nothing where the best is the last."""
    best = best_epoch(run)
    if best is None or best is run.epochs[-1]:
        return ""
    last = run.epochs[-1]
    if run.settings.early_stopping == "loss":
        what = "validation loss"
        before, after = (_plain(epoch["validation_loss"]) for epoch in (best, last))
    else:
        what = "of the validation images right"
        before, after = (_percent(epoch["validation_accuracy"]) for epoch in (best, last))
    if not before or not after:
        return ""
    return (
        f"Later epochs were worse: {before} {what} after epoch {best['epoch'] + 1}, {after} after epoch"
        f" {last['epoch'] + 1}. Those weights are not used: {BEST_FOR}."
    )


def _plain(loss: float | None) -> str:
    return "" if loss is None else f"{loss:.4f}"


def _percent(share: float | None) -> str:
    return "" if share is None else percent(share, 2)


def _links(run: history.Run) -> None:
    with st.container(horizontal=True, gap="small"):
        if run.has_model:
            for page in INSIDE:
                link_to(page, query_params={Shared.MODEL: run_key(run.id)})
            link_to("series", "Repeat it with one change", {Shared.RUN: run.id})
        if run.architecture.layers != network_state.layers() and st.button(
            "Edit this run's network",
            on_click=network_state.change,
            args=(run.architecture.layers, 0),
            icon=":material/edit:",
            help=shorthand.to_text(run.architecture.layers),
        ):
            st.rerun()  # the whole page: this is a part of it


_STATES = {
    "queued": _queued,
    "running": _running,
    "paused": _resumable,
    "interrupted": _resumable,
    "failed": _failed,
    "stopped": _ended,
    "finished": _ended,
}
