"""One run as it trains: where it stands, its curves, what can be done to it, and what it led to."""

import streamlit as st

from cnn_core.data import catalog
from cnn_core.judge.guessing import no_better_than_guessing
from cnn_core.limits import SHOWS_ONLY, limits
from cnn_core.networks import shorthand
from cnn_core.runs import history, listing, live, records
from cnn_core.runs.jobs import JobManager, manager
from cnn_core.runs.ownership import NotYours
from cnn_core.training.settings import SETTINGS
from pages.train.builder import network_state
from pages.train.builder.keys import Key
from pages.train.builder.training_curves import CURVES, curve, epoch_table
from pages.ui.keys import Shared
from pages.ui.run_acts import act, done, forget
from pages.ui.run_names import run_key, run_name
from pages.ui.settings import bounds
from pages.ui.site import link_to
from pages.ui.twin import twin
from pages.ui.visitor import visitor
from pages.ui.words import as_text, percent, sentence

# How often a page asks, by what the run is waiting for; None: not at all.
POLL_SECONDS = {
    "waiting": 1.0,
    "starting": 0.2,
    "training": 0.5,
    "closing": 0.3,
    "onlooking": 3.0,
    "ended": None,
}
LAG = (
    "Training is measured on batches while the weights still change and dropout is on, validation at the end of an "
    "epoch with dropout off: validation that looks better is no bug."
)
# Numbers of half the length train faster where the processor has instructions for them.
PRECISION = {"bfloat16": "16-bit numbers (bfloat16)", "float32": "32-bit numbers (float32)"}
INSIDE = ("filters", "feature_maps", "confusion")


def current_run() -> str | None:
    """The id of the run this page shows: the link's, the session's last one, or the visitor's newest in the queue."""
    run_id = (
        st.query_params.get(Shared.RUN)
        or st.session_state.get(Shared.RUN)
        or next(reversed(manager().owned_by(visitor().owner)), None)
    )
    if run_id:
        show_run(run_id)
    return run_id


def show_run(run_id: str) -> None:
    """Make this the run of the page, in the session and in the link."""
    st.session_state[Shared.RUN] = run_id
    if st.query_params.get(Shared.RUN) != run_id:
        st.query_params[Shared.RUN] = run_id


def training_view(run_id: str) -> None:
    """Show a run; while it waits or trains, again and again."""
    try:
        stage = _stage(live.read(run_id))
    except records.RunError as error:
        st.session_state.pop(Shared.RUN, None)
        st.error(sentence(str(error)), icon=":material/error:")
        return
    st.fragment(_view, run_every=POLL_SECONDS[stage])(run_id, stage)


def _stage(run: history.Run) -> str:
    if not run.active:
        # Its process may still be on its way out, and keeps its place in the queue until then.
        if manager().position(run.id) is not None:
            return "closing"
        # Whoever may resume it does so on this page; who only looks would not see it go on.
        return "onlooking" if run.resumable and not visitor().may_change(run.owner) else "ended"
    if run.batches:
        return "training"
    return "waiting" if manager().position(run.id) else "starting"


def _view(run_id: str, stage: str) -> None:
    try:
        run = live.read(run_id)
    except records.RunError:
        st.rerun()  # the whole page, which says what is wrong and asks no more
    if _stage(run) != stage:
        st.rerun()  # the whole page, which then asks more or less often
    manager().touch(run_id)
    status, *places = st.columns([1, *[1.25] * len(CURVES)], gap="medium")
    with status:
        st.caption(f"**{as_text(run_name(run))}**  \n{_where(run)}")
        mine = visitor().may_change(run.owner)
        if not mine:
            st.caption(str(NotYours(run.owner)))
        _STATES[run.status](run, mine)
    pictures = []
    for place, shown in zip(places, CURVES):
        with place:
            pictures.append(curve(run, shown))
    if run.epochs:
        source = run_name(run)
        if POLL_SECONDS[stage] is not None:
            # The menu is a fragment, and one inside a fragment that runs by a timer can end in a white page: seen on
            # phones ("Cannot set a node at a delta path"). The curves leave the page once they stand still.
            pictures = []
        twin(
            "Numbers of each epoch", {"Numbers of each epoch": epoch_table(run)}, pictures, source, words=LAG
        )


def _where(run: history.Run) -> str:
    data = as_text(catalog.title(run.settings.dataset))
    if run.started is None:
        return data
    precision = run.started.get("precision", "")
    parts = [
        f"{run.started['images']:,} training images of {data}",
        as_text(run.started.get("device", "")),
        PRECISION.get(precision, as_text(precision)),
    ]
    return " · ".join(part for part in parts if part)


def _queued(run: history.Run, mine: bool) -> None:
    position = manager().position(run.id)
    if position is None:
        st.info("This run waits in the queue of another server.", icon=":material/hourglass_empty:")
    elif position == 0:
        st.progress(0.0, "Starting")
    else:
        others = "One run is" if position == 1 else f"{position} runs are"
        st.info(
            f"Waiting in the queue. {others} before {'yours' if mine else 'it'}.",
            icon=":material/hourglass_empty:",
        )
    if mine:
        words = "Cancel" if position == 0 else "Leave the queue"
        st.button(words, on_click=_leave, args=(run.id,), icon=":material/close:")


def _leave(run_id: str) -> None:
    if done(JobManager.stop, run_id) and listing.head(run_id) is None:  # nothing of it was worth keeping
        forget()


def _running(run: history.Run, mine: bool) -> None:
    st.progress(run.progress, _progress(run))
    if not mine:
        return
    with st.container(horizontal=True, gap="small"):
        st.button("Pause", on_click=act, args=(JobManager.pause, run.id), icon=":material/pause:")
        st.button("Stop", on_click=act, args=(JobManager.stop, run.id), icon=":material/stop:")
        with st.popover("Change the learning rate", icon=":material/speed:"):
            st.number_input(
                "New learning rate",
                value=run.settings.learning_rate,
                key=Key.NEW_RATE,
                **bounds(SETTINGS["learning_rate"]),
            )
            st.button("Use it from the next batch on", on_click=_new_rate, args=(run.id,))


def _new_rate(run_id: str) -> None:
    act(JobManager.set_learning_rate, run_id, st.session_state[Key.NEW_RATE])


def _progress(run: history.Run) -> str:
    if not run.batches:
        return "Reading the images"
    last, epochs = run.batches[-1], run.settings.epochs
    parts = [f"Epoch {min(last['epoch'] + 1, epochs)} of {epochs}", f"{run.images_per_second:,.0f} images/s"]
    if run.progress >= 1:
        return "Scoring the best weights on the test images"
    if run.seconds_left is not None:
        parts.append(f"{_duration(run.seconds_left)} left")
    parts.append(f"learning rate {last['learning_rate']:.2g}")
    return " · ".join(parts)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _resumable(run: history.Run, mine: bool) -> None:
    reason = sentence(run.reason) or f"Paused at {percent(run.progress, 0)}."
    st.warning(reason, icon=":material/pause_circle:")
    if mine:
        st.button(
            "Resume",
            on_click=act,
            args=(JobManager.resume, run.id),
            icon=":material/play_arrow:",
            type="primary",
            disabled=not limits().trains,
            help=None if limits().trains else SHOWS_ONLY,
        )


def _failed(run: history.Run, mine: bool) -> None:
    st.error(sentence(run.reason), icon=":material/error:")
    _links(run)


def _ended(run: history.Run, mine: bool) -> None:
    if run.status == "stopped":
        reason = f"{sentence(run.reason)} " if run.reason else ""
        st.caption(
            f"{reason}Stopped at {percent(run.progress, 0)}. The scores are those of the best weights until then."
        )
    if run.test is not None:
        loss = "–" if run.test["loss"] is None else f"{run.test['loss']:.4f}"
        st.subheader(f"{percent(run.test['accuracy'], 2)} right", anchor=False)
        st.caption(
            f"on {run.test['images']:,} test images · macro F1 {run.test['macro_f1']:.4f} · loss {loss}"
        )
        if advice := no_better_than_guessing(run.test, run.settings.learning_rate):
            st.warning(advice, icon=":material/trending_down:")
    _links(run)


def _links(run: history.Run) -> None:
    with st.container(horizontal=True, gap="small"):
        if run.has_model:
            for page in INSIDE:
                link_to(page, query_params={Shared.MODEL: run_key(run.id)})
        if run.architecture.layers != network_state.layers():
            st.button(
                "Edit this run's network",
                on_click=network_state.change,
                args=(run.architecture.layers, 0),
                icon=":material/edit:",
                help=shorthand.to_text(run.architecture.layers),
            )


_STATES = {
    "queued": _queued,
    "running": _running,
    "paused": _resumable,
    "interrupted": _resumable,
    "failed": _failed,
    "stopped": _ended,
    "finished": _ended,
}
