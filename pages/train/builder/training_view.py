"""One run as it trains: where it stands, its curves, what can be done to it, and what it led to."""

import streamlit as st

from cnn_core.data import catalog
from cnn_core.runs import history, live, records
from cnn_core.runs.jobs import manager
from cnn_core.runs.ownership import NotYours
from pages.train.builder.failing import in_this_run
from pages.train.builder.keys import Key
from pages.train.builder.training_curves import CURVES, curve, epoch_table, explosion
from pages.train.builder.training_status import show_status
from pages.train.builder.training_steps import training_steps
from pages.ui.controls import fold, segments
from pages.ui.keys import Shared
from pages.ui.run_names import run_name
from pages.ui.twin import twin
from pages.ui.visitor import visitor
from pages.ui.words import as_text, sentence

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
WHOLE, LAST = "Whole training", "Last epochs"
# The status takes its own row where the curves would become too narrow beside it, with its buttons beside the name;
# the curves take the height that is left. Where that is little, what was known before the training goes without saying.
LAYOUT = f"""<style>
.st-key-{Key.WATCH} > :has(> .st-key-{Key.STATUS}) {{ flex: 1 1 15rem; min-width: 15rem; }}
.st-key-{Key.WATCH} > :has(> .st-key-{Key.CURVES}) {{ flex: 3 1 35rem; min-width: min(35rem, 100%); }}
.st-key-{Key.CURVES} > div {{ flex: 1 1 15rem; min-width: 15rem; }}
.st-key-{Key.CURVES} [data-testid="stVegaLiteChart"] {{
  height: clamp(11rem, calc(100dvh - 22rem), 26rem) !important;
}}
@media (max-height: 560px) {{
  .st-key-{Key.WATCH} {{ gap: 0.25rem; }}
  .st-key-{Key.STATUS} {{ gap: 0.25rem; }}
  .st-key-{Key.WHERE} {{ display: none; }}
  .st-key-{Key.CURVES} [data-testid="stVegaLiteChart"] {{ height: max(11rem, calc(100dvh - 15.5rem)) !important; }}
}}
</style>"""


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
    st.html(LAYOUT)
    pictures = []
    with st.container(horizontal=True, gap="medium", key=Key.WATCH):
        with st.container(gap="small", key=Key.STATUS):
            mine = visitor().may_change(run.owner)
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(f"**{as_text(run_name(run))}**", width="content")
                acts = st.container(horizontal=True, gap="small", width="content")
            with st.container(key=Key.WHERE):
                st.caption(_where(run))
            if not mine:
                st.caption(str(NotYours(run.owner)))
            show_status(run, mine, acts)
            in_this_run(run)
            zoom = False
            if len(run.epochs) > 1:
                with acts:
                    zoom = segments("Shown", [WHOLE, LAST], Key.ZOOM, WHOLE, hide_label=True) == LAST
        with st.container(horizontal=True, gap="small", key=Key.CURVES):
            for shown in CURVES:
                if not shown.folded:
                    pictures.append(curve(run, shown, zoom=zoom))
    if exploded := explosion(run):
        st.warning(exploded, icon=":material/trending_up:")
    if run.batches:

        def steps() -> None:
            pictures.extend(training_steps(run, zoom))

        fold("Learning rate, gradients, layers", Key.STEPS, ":material/show_chart:", steps)
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
