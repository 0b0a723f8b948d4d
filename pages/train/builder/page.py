"""Builder: stack layers, see what each costs, train the stack, and watch it learn."""

from functools import partial

import streamlit as st

from cnn_core.networks import repairs, shapes
from cnn_core.training import rate_finder
from pages.train.builder import training_curves
from pages.train.builder.keys import Key
from pages.train.builder.layer_editor import is_narrow
from pages.train.builder.run_shown import current_run, show_run, watching
from pages.train.builder.training_settings import pick_settings
from pages.train.builder.training_view import training_view
from pages.train.builder.workbench import Situation, workbench
from pages.ui import own_runs, page
from pages.ui.network import state as network_state
from pages.ui.network.dataset import dataset_problem, pick_dataset
from pages.ui.network.keys import NetworkKey

# Where a window has little height, Train is in it all the same.
LOW = f"""<style>
@media (max-height: 560px) and (min-width: 641px) {{
  .st-key-{Key.ABOUT} p {{ line-height: 1.3; }}
  .st-key-{Key.SETTINGS} {{ gap: 0.4rem 0.6rem; }}
}}
</style>"""

page.header(
    "Builder",
    "A network is a stack of layers, each turning one shape into the next. Build one and train it.",
    may_be_empty=[NetworkKey.NETWORK],
    beside=partial(own_runs.menu, show_run),
)

st.html(LOW)
network_state.follow_link()
run, narrow = current_run(), is_narrow()
watched = watching(run)
strip = st.container(gap="small")
curves = st.container() if watched else None
about = st.container(gap="small", key=Key.ABOUT)
with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=Key.SETTINGS):
    info = pick_dataset()
    settings = pick_settings(info.name)
    train = st.container(width="content")
outlook = st.container(gap="small")
with about:
    dataset_problem(info)
with st.sidebar:
    editor = st.container(key=Key.EDITOR)
    line = st.expander("Network as text", icon=":material/link:")
if run is not None:
    with curves or st.container():
        training_view(run)
# One place fewer, where nothing stands between them: each is sent at every change of the network.
parts = outlook if run is None or watched else st.container(gap="small")

with strip:
    workbench(
        Situation(info, settings, run, watched, narrow),
        {"editor": editor, "line": line, "words": about, "train": train, "outlook": outlook, "parts": parts},
    )
page.source(shapes.walk, repairs.problems, rate_finder.read)
training_curves.make_ready()
