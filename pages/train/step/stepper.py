"""The bar that plays a training: the sub-steps of one step, and steps forwards and backwards."""

from functools import partial

import streamlit as st

from cnn_core.training.opened.walk import Place
from pages.train.step.keys import Key
from pages.train.step.situation import MOST_STEPS, Situation
from pages.ui.controls import segments
from pages.ui.link import put_in_link
from pages.ui.words import count

STAGES = FORWARD, LOSS, BACKWARD, UPDATE = ("1 Forward", "2 Loss", "3 Backward", "4 Update")
LEAPS = (1, 10, 100)
LONGEST_LEAP = 20.0  # seconds


def step_done() -> int:
    """How many updates are done."""
    return int(st.session_state.get(Key.AT, 0))


def bar(now: Situation) -> str:
    """The stepper and what it counts; returns the sub-step to show. The walk stands at the step then."""
    now.walk.go_to(step_done())
    put_in_link(Key.AT, str(step_done()) if step_done() else None)
    place = now.walk.place
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        stage = segments("Sub-step", STAGES, Key.STAGE, FORWARD, hide_label=True)
        at = STAGES.index(stage)
        st.button(
            "Back",
            key=Key.BACK,
            icon=":material/chevron_left:",
            on_click=partial(_move, -1),
            disabled=not at and not step_done(),
        )
        st.button(
            "Next",
            key=Key.NEXT,
            icon=":material/chevron_right:",
            on_click=partial(_move, 1),
            type="primary",
            disabled=at == len(STAGES) - 1 and step_done() == MOST_STEPS,
        )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(counter(place), width="content")
        _leap(
            "Undo",
            -1,
            place.step > 0,
            ":material/undo:",
            "Back to the weights before the last update, bit for bit",
        )
        for steps in LEAPS:
            can = place.step + steps <= MOST_STEPS and steps * now.step_seconds <= LONGEST_LEAP
            _leap(f"+{steps}", steps, can, None, f"Take {count(steps, 'step')}: an update after each batch")
    return stage


def counter(place: Place) -> str:
    """Steps, epoch, batch and images, as they stand before this step's update."""
    return (
        f"**Step {place.step + 1}** · epoch {place.epoch}, batch {place.batch} of {place.batches} · "
        f"{count(place.images_seen, 'image')} seen before"
    )


def _leap(label: str, steps: int, can: bool, icon: str | None, help: str) -> None:
    st.button(
        label,
        key=f"{Key.GO}{steps}",
        icon=icon,
        on_click=partial(_go, steps),
        disabled=not can,
        help=help,
    )


def _go(steps: int) -> None:
    st.session_state[Key.AT] = min(max(step_done() + steps, 0), MOST_STEPS)


def _move(by: int) -> None:
    """To the next sub-step or the one before; past the last, the next step begins."""
    at = STAGES.index(st.session_state.get(Key.STAGE) or FORWARD) + by
    if not 0 <= at < len(STAGES):
        _go(by)
    st.session_state[Key.STAGE] = STAGES[at % len(STAGES)]
