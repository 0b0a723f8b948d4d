"""The bar that plays a training: the sub-steps of one step, and steps forwards and backwards."""

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from cnn_core.training.opened.walk import Place
from pages.train.step.keys import Key
from pages.train.step.situation import MOST_STEPS, Situation
from pages.ui.controls import segments
from pages.ui.link import put_in_link
from pages.ui.predict import predict_toggle
from pages.ui.words import count

STAGES = FORWARD, LOSS, BACKWARD, UPDATE = ("1 Forward", "2 Loss", "3 Backward", "4 Update")
LEAPS = (1, 10, 100)
PLAY_SECONDS = 3.0  # that a sub-step is seen while it plays: its formula has to be read
LONGEST_LEAP = 20.0  # seconds


def step_done() -> int:
    """How many updates are done."""
    return int(st.session_state.get(Key.AT, 0))


def is_playing() -> bool:
    """Whether sub-steps come by themselves."""
    return bool(st.session_state.get(Key.PLAYED))


def play() -> None:
    """On to the next sub-step, if the last one was seen long enough; it pauses where a question is asked."""
    if not is_playing():
        return  # it was stopped just now, by the click that this run answers
    if time.monotonic() - st.session_state[Key.PLAYED] < 0.8 * PLAY_SECONDS:
        return  # something else was clicked
    asked = st.session_state.get(Key.GUESS) and st.session_state.get(Key.STAGE) == UPDATE
    if asked or step_done() == MOST_STEPS:
        st.session_state[Key.PLAYED] = None
        return
    _move(1)
    st.session_state[Key.PLAYED] = time.monotonic()


def bar(now: Situation) -> tuple[str, bool]:
    """The stepper and what it counts; returns the sub-step to show, and whether to ask first. The walk stands there."""
    now.walk.go_to(step_done())
    put_in_link(Key.AT, str(step_done()) if step_done() else None)
    place = now.walk.place
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        at = STAGES.index(segments("Sub-step", STAGES, Key.STAGE, FORWARD, hide_label=True))
        first, last = not at and not step_done(), at == len(STAGES) - 1 and step_done() == MOST_STEPS
        _button(
            "", Key.BACK, ":material/chevron_left:", "Back: the sub-step before", partial(_move, -1), first
        )
        _button("Next", Key.NEXT, ":material/chevron_right:", None, partial(_move, 1), last, primary=True)
        if is_playing():
            _button("", Key.PLAY, ":material/pause:", "Pause", _toggle_play, False)
        else:
            _button("", Key.PLAY, ":material/play_arrow:", "Play, sub-step by sub-step", _toggle_play, last)
        undone = "Undo: back to the weights before the last update, bit for bit"
        _button("", f"{Key.GO}-back", ":material/undo:", undone, partial(_go, -1), not step_done())
        for steps in LEAPS:
            can = place.step + steps <= MOST_STEPS and steps * now.step_seconds <= LONGEST_LEAP
            told = f"Take {count(steps, 'step')}: an update after each batch"
            _button(f"+{steps}", f"{Key.GO}-{steps}", None, told, partial(_go, steps), not can)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(counter(place), width="content")
        asks = predict_toggle(
            Key.GUESS, help="Which way will the weight go, and the loss? Answer in 4 Update, then see."
        )
    return STAGES[at], asks


def counter(place: Place) -> str:
    """Steps, epoch, batch and images, as they stand before this step's update."""
    return (
        f"**Step {place.step + 1}** · epoch {place.epoch}, batch {place.batch} of {place.batches} · "
        f"{count(place.images_seen, 'image')} seen before"
    )


def _button(
    label: str,
    key: str,
    icon: str | None,
    told: str | None,
    act: Callable[[], None],
    disabled: bool,
    *,
    primary: bool = False,
) -> None:
    st.button(
        label,
        key=key,
        icon=icon,
        help=told,
        on_click=act,
        disabled=disabled,
        type="primary" if primary else "secondary",
    )


def _toggle_play() -> None:
    st.session_state[Key.PLAYED] = None if is_playing() else time.monotonic()


def _go(steps: int) -> None:
    st.session_state[Key.AT] = min(max(step_done() + steps, 0), MOST_STEPS)


def _move(by: int) -> None:
    """To the next sub-step or the one before; past the last, the next step begins."""
    at = STAGES.index(st.session_state.get(Key.STAGE) or FORWARD) + by
    if not 0 <= at < len(STAGES):
        _go(by)
    st.session_state[Key.STAGE] = STAGES[at % len(STAGES)]
