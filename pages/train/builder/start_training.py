"""The Train button: what it starts, and why it sometimes cannot."""

import streamlit as st

from cnn_core.data import datasets
from cnn_core.limits import SHOWS_ONLY, LimitReached, limits
from cnn_core.networks import repairs
from cnn_core.networks.architecture import Architecture, ArchitectureError
from cnn_core.runs import live, records
from cnn_core.runs.forecast import forecast
from cnn_core.runs.jobs import manager
from cnn_core.training import memory
from cnn_core.training.settings import SettingsError, TrainSettings
from pages.train.builder.keys import Key
from pages.train.builder.run_shown import show_run
from pages.ui.network.words import title
from pages.ui.visitor import visitor
from pages.ui.words import sentence

WAIT_SECONDS = 0.3


def train_button(architecture: Architecture, settings: TrainSettings) -> tuple[str, bool]:
    """Start a run with this network and these settings; disabled where that cannot be.

    Returns the reason, or how long it will take, as a sentence, and whether it can be.
    """
    reason, expected = _outlook(architecture, settings)
    st.button(
        "Train",
        key=Key.TRAIN,
        type="primary",
        icon=":material/play_arrow:",
        disabled=bool(reason),
        help=reason or "Trains in the background: you may leave this page and come back.",
        on_click=_ask,
    )
    # A press is remembered rather than read from the button: another rerun may end this one before it gets here.
    if st.session_state.pop(Key.ASKED, False) and not reason:
        try:
            run_id = manager().submit(visitor(), architecture, settings, title(architecture))
            show_run(run_id)
            # A warm process answers in some 30 ms: waiting for it here saves a round trip to the browser.
            live.wait_for_numbers(run_id, WAIT_SECONDS)
        except (LimitReached, ArchitectureError, SettingsError, records.RunError) as error:
            st.error(sentence(str(error)), icon=":material/error:")
        except OSError as error:
            st.error(
                f"The run's folder cannot be written ({error.strerror}). Free some space.",
                icon=":material/error:",
            )
        else:
            st.rerun()
    return reason or expected, not reason


def nothing_yet() -> None:
    """What stands where a run will be shown."""
    st.info("Press Train: loss and accuracy will grow here, batch by batch.", icon=":material/show_chart:")


def _ask() -> None:
    st.session_state[Key.ASKED] = True


def _outlook(architecture: Architecture, settings: TrainSettings) -> tuple[str, str]:
    """Why a run cannot begin, or how long it will take: the other is empty."""
    if not limits().trains:
        return SHOWS_ONLY, ""
    if wrong := repairs.to_do(architecture):
        return wrong, ""
    if wrong := memory.batch_problem(architecture, settings.batch_size):
        return sentence(wrong), ""
    if missing := datasets.problem(settings.dataset):
        return sentence(str(missing)), ""
    expected = forecast(architecture, settings)
    if (refused := manager().refusal(visitor().owner, expected)) is not None:
        return sentence(str(refused)), ""
    return "", expected.words(limits())
