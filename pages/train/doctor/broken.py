"""Break it and fix it: a program with one wrong line, its own error or score, and the line to choose."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnn_core.doctor.programs import BLANK, PROGRAMS, Lines, Program, Ran, run
from cnn_core.figures.picture import Picture
from pages.train.doctor.keys import Key
from pages.train.doctor.shapes import shape_cards, shape_table
from pages.ui.components.tiles import tiles
from pages.ui.controls import segments
from pages.ui.link import in_link
from pages.ui.predict import Choice, Question, predict_first, predict_toggle
from pages.ui.twin import twin
from pages.ui.words import percent, plain

LOUD, SILENT = "stops with an error", "runs, and is wrong"


@st.cache_data(max_entries=256, show_spinner="Running the program…")
def _ran(name: str, filling: str) -> Ran:
    return run(PROGRAMS[name], filling)


def show() -> None:
    """Choose a program, guess its wrong line, repair it."""
    titles = {program.title: program for program in PROGRAMS.values()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        title = st.selectbox(
            "Broken program",
            list(titles),
            format_func=lambda one: f"{one} ({LOUD if titles[one].loud else SILENT})",
            **in_link(Key.PROGRAM),
            width=430,
        )
        predict = predict_toggle(Key.PREDICT)
    program = titles[title or next(iter(titles))]
    question = _question(program)
    if predict and question.answer.given(question.key) is None:
        st.code(program.filled(program.broken), language="python", line_numbers=True, wrap_lines=True)
    if not predict_first(predict, question):
        return
    st.fragment(_repair)(program.name)


def _question(program: Program) -> Question:
    """Which line is to be changed, among lines of the program."""
    source = program.filled(program.broken).splitlines()
    options = {number: f"line {number}" for number in sorted((*program.beside, program.line))}
    how = "stops with an error" if program.loud else "runs without an error, and answers worse than it should"
    return Question(
        f"{Key.GUESS}-{program.name}",
        f"**What it is to do.** {program.aim} **But it {how}.** Which of these lines has to be changed?",
        Choice(tuple(options.values()), options[program.line]),
        f"There stands `{source[program.line - 1].strip().rstrip(',')}`.",
    )


def _repair(name: str) -> None:
    program = PROGRAMS[name]
    with st.container(horizontal=True, gap="medium", key=Key.PARTS):
        text, outcome = st.container(), st.container(gap="small")
    with outcome:
        filling = _blank(program)
    with text:
        st.code(program.filled(filling), language="python", line_numbers=True, wrap_lines=True)
    ran = _ran(name, filling)
    with outcome:
        _verdict(program, filling, ran)
        shape_cards(ran)
        pictures = _seen(program, ran)
        st.markdown(program.cause)
        twin("The shapes as a table", {"The shapes": shape_table(ran)}, pictures, program.title)


def _blank(program: Program) -> str:
    """The widget that fills the blank."""
    line = program.text.splitlines()[program.line - 1].strip().replace(BLANK, "…")
    key = f"{Key.REPAIR}-{program.name}"
    label = f"Line {program.line}: `{line}`"
    if isinstance(program.blank, Lines):
        return segments(label, program.blank.options, key, program.broken, wrap=True)
    blank = program.blank
    value = st.number_input(label, blank.low, blank.high, int(program.broken), 1, **in_link(key), width=260)
    return str(int(value))


def _verdict(program: Program, filling: str, ran: Ran) -> None:
    """What became of the program: PyTorch's own words, or its output and what the repair changed."""
    if ran.error:
        st.error(
            f"**Line {ran.line} stops it.** PyTorch says:"
            if filling == program.broken
            else f"**Another line, and line {ran.line} stops it.** PyTorch says:",
            icon=":material/error:",
        )
        st.code(ran.error, language=None, wrap_lines=True)
        return
    said = "  \n".join(f"`{line}`" for line in ran.output)
    if program.loud:
        st.success(f"**It runs.** {said}", icon=":material/check_circle:")
        return
    if filling == program.right:
        st.success(f"**Repaired.** {said}", icon=":material/check_circle:")
    else:
        st.warning(f"**It runs, and nothing complains.** {said}", icon=":material/visibility_off:")
    _scores(program, filling, ran, st.container(horizontal=True, gap="large"))


def _scores(program: Program, filling: str, ran: Ran, where: DeltaGenerator) -> None:
    """The accuracy with the fault, and with what stands there now."""
    before = _ran(program.name, program.broken).accuracy
    if before is None or ran.accuracy is None:
        return
    with where:
        st.metric("With the fault", percent(before), width="content")
        if filling != program.broken:
            gain = 100 * (ran.accuracy - before)
            st.metric("With this line", percent(ran.accuracy), f"{plain(gain, 1)} points", width="content")


def _seen(program: Program, ran: Ran) -> list[Picture]:
    """What the network gets of one image, channel by channel."""
    if ran.seen is None:
        return []
    low, high = float(ran.seen.min()), float(ran.seen.max())
    st.markdown(f"**What the network gets**: values from {plain(low)} to {plain(high)}")
    names = [f"channel {number}" for number in range(len(ran.seen))]
    return [
        tiles(
            ran.seen,
            key=Key.SEEN,
            names=names,
            scale="pixels",
            limit=max(high, 1e-6),
            largest_cell=5,
            height=150,
            title=program.title,
        )
    ]
