"""The second part: the graph that autograd records while this network runs forward."""

import streamlit as st

from cnn_core.inside.graph import Graph, record
from pages.train.inspect.drawing import FORWARD, show
from pages.train.inspect.keys import Key
from pages.train.inspect.subject import Subject
from pages.ui.controls import choose
from pages.ui.link import in_link
from pages.ui.twin import twin
from pages.ui.words import as_text, count

IMAGES = 2  # batch norm has nothing to compare with one


def recorded(shown: Subject) -> None:
    """The graph, its nodes counted, and the layers that made them."""
    _, what = shown.a_few(IMAGES)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        training = st.toggle(
            "As in training",
            **in_link(Key.TRAINING),
            help="Dropout drops, batch norm looks at the batch. Off: as where the network only answers.",
        )
        if st.session_state.get(Key.LAYER) not in shown.names:
            st.session_state.pop(Key.LAYER, None)
        layer = choose("Layer", shown.names, Key.LAYER, shown.names[0], width=150)
        graph = _graph(shown.key, training, shown)
        st.markdown(
            f"{as_text(what)} forward: **{len(graph.nodes)} nodes**, {count(graph.operations, 'operation')} and "
            f"{count(graph.parameters, 'parameter')}. `backward()` starts at the bottom and follows the arrows.",
            width="stretch",
        )
    own = frozenset(number for number, node in enumerate(graph.nodes) if node.layer == layer)
    picture = show(graph, Key.GRAPH, "The graph of one forward pass", marked=own, mark=f"of {layer}")
    made = graph.of_layers()
    silent = [name for name in shown.names if name not in made]
    most = max(made, key=lambda name: made[name])
    words = (
        "Each blue box is an operation that autograd wrote down, with the arrows of its `next_functions`: what a "
        "gradient goes on to. It keeps the tensors that its derivative needs, which is why training takes memory that "
        "answering does not. An orange one is a parameter; its gradient is added up there (T: through `TBackward0`, "
        "which turns a linear layer's weight round). No arrow leads to the images: nothing is to be learned about "
        f"them. **{most or FORWARD}** made {count(made[most], 'node')}, **{layer}** (framed) {len(own)}."
    )
    if silent:
        words += f" {', '.join(silent)} left none: nothing happens there to what needs a gradient."
    st.markdown(words)
    twin(
        "The graph as tables",
        {
            "Nodes": picture.numbers,
            "Nodes that each layer made": {
                "layer": [name or FORWARD for name in made],
                "nodes": list(made.values()),
            },
        },
        [picture],
        f"{shown.made} · {what}",
        words="A number is a node's place in the forward pass. `AccumulateGrad` adds up a parameter's gradient.",
        key=Key.GRAPH,
    )


@st.cache_data(max_entries=16, show_spinner=False)
def _graph(key: str, training: bool, _shown: Subject) -> Graph:
    return record(_shown.model, _shown.a_few(IMAGES)[0], training=training)
