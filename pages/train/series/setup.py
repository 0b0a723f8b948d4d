"""An experiment is set up: its kind, what varies, how many seeds; what it costs is said before it starts."""

from dataclasses import dataclass

import streamlit as st

from cnn_core.limits import SHOWS_ONLY, LimitReached, limits
from cnn_core.networks.architecture import ArchitectureError
from cnn_core.runs import series
from cnn_core.runs.jobs import manager
from cnn_core.runs.series import Planned
from cnn_core.runs.series_cost import cost
from cnn_core.series import KINDS
from cnn_core.series.base import MOST_SEEDS, Kind, SeriesError, asked
from cnn_core.training.settings import SettingsError
from pages.train.series.base import BeginWith
from pages.train.series.keys import Key
from pages.train.series.shown import show
from pages.ui.link import in_link
from pages.ui.visitor import visitor
from pages.ui.words import as_text, sentence


@dataclass(frozen=True)
class Setup:
    """What is chosen, and the runs that it asks for; `wrong` says why it cannot be, and is a sentence."""

    kind: Kind
    subject: str
    runs: tuple[Planned, ...] = ()
    wrong: str = ""
    words: str = ""


@st.fragment  # choosing changes nothing of what is shown
def set_up(begin_with: BeginWith) -> None:
    """The controls, what it costs, and Start."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=Key.SETUP):
        kind = KINDS[_pick_kind()]
        subject = _pick_subject(kind, begin_with)
        values = _pick_values(kind, subject, begin_with)
        seeds = int(
            st.number_input(
                "Seeds",
                1,
                MOST_SEEDS,
                kind.seeds,
                **in_link(f"{Key.SEEDS}-{kind.name}"),
                width=110,
                help="How often each is trained. The first seed is the base's own.",
            )
        )
        setup = _planned(kind, subject, values, seeds, begin_with)
        st.button(
            "Start",
            key=Key.START,
            type="primary",
            icon=":material/play_arrow:",
            disabled=bool(setup.wrong),
            help=setup.wrong or "The runs follow one another in the background, whatever page you are on.",
            on_click=_ask,
        )
    if setup.wrong:
        st.warning(setup.wrong, icon=":material/info:")
    else:
        st.caption(f"{kind.question} {setup.words}")
    if st.session_state.pop(Key.ASKED, False) and not setup.wrong:
        _start(setup, begin_with)


def _ask() -> None:
    st.session_state[Key.ASKED] = True


def _pick_kind() -> str:
    names = {kind.name: kind.title for kind in KINDS.values()}
    chosen = st.selectbox(
        "Experiment", list(names), format_func=names.__getitem__, **in_link(Key.KIND), width=230
    )
    return chosen or next(iter(names))


def _pick_subject(kind: Kind, begin_with: BeginWith) -> str:
    subjects = kind.subjects(begin_with.base)
    if not subjects:
        return ""
    key = f"{Key.SUBJECT}-{kind.name}"
    chosen = st.selectbox(
        "What varies",
        subjects,
        format_func=lambda one: kind.axis(one)[:1].upper() + kind.axis(one)[1:],
        **in_link(key),
        width=200,
    )
    return chosen or subjects[0]


def _pick_values(kind: Kind, subject: str, begin_with: BeginWith) -> list[str]:
    offered = kind.offered(begin_with.base, subject)
    usual = kind.usual(begin_with.base, subject)
    key = f"{Key.VALUES}-{kind.name}-{subject}" if subject else f"{Key.VALUES}-{kind.name}"
    one = kind.most_values == 1
    if kind.free(subject):
        label = "Becomes" if one else "Values, with spaces between"
        text = st.text_input(label, " ".join(usual), **in_link(key), width=130 if one else 260)
        return text.replace(";", " ").split()
    if not offered:
        return []
    if one:
        index = offered.index(usual[0]) if usual else 0
        chosen = st.selectbox("Becomes", offered, index, **in_link(key), width=220)
        return [] if chosen is None else [chosen]
    return list(st.multiselect("Values", offered, list(usual), **in_link(key), width=360))


def _planned(kind: Kind, subject: str, values: list[str], seeds: int, begin_with: BeginWith) -> Setup:
    """The runs that are asked for, or why they cannot be."""
    if not limits().trains:
        return Setup(kind, subject, wrong=SHOWS_ONLY)
    try:
        variants = kind.variants(begin_with.base, subject, values)
        runs = series.plan(asked(variants, seeds), begin_with.done)
        expected = cost(runs)
    except (SeriesError, SettingsError, ArchitectureError) as error:
        return Setup(kind, subject, wrong=sentence(str(error)))
    if refused := expected.refusal(limits()):
        return Setup(kind, subject, wrong=sentence(refused))
    if expected.each and (full := manager().refusal(visitor().owner, expected.whole)) is not None:
        return Setup(kind, subject, wrong=sentence(str(full)))
    return Setup(kind, subject, runs, words=expected.words())


def _start(setup: Setup, begin_with: BeginWith) -> None:
    try:
        made = manager().series.begin(
            visitor(), setup.kind.name, setup.subject, begin_with.base.settings, setup.runs
        )
    except LimitReached as error:
        st.error(sentence(str(error)), icon=":material/error:")
    except OSError as error:
        st.error(
            f"The experiment cannot be written down ({as_text(error.strerror or '')}). Free some space.",
            icon=":material/error:",
        )
    else:
        show(made)
        st.rerun()
