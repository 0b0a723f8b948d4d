"""The fourth part: the same network as `nn.Sequential` and as a class of its own, and what each can say."""

import streamlit as st

from cnn_core.arrays import Floats
from cnn_core.inside.branching import WithoutAddition, without_addition
from cnn_core.networks import codegen
from cnn_core.networks.building import state_keys
from cnn_core.networks.layers import Residual
from pages.train.inspect.subject import Subject
from pages.ui.site import link_to
from pages.ui.twin import twin
from pages.ui.words import plain

HEIGHT = 330
CAN = {
    "what a network may need": [
        "layers in a row",
        "a layer by its name (net.conv1)",
        "a branch that is added again (residual)",
        "two inputs, or two outputs",
        "a layer used twice, weights shared",
        "an if or a loop on the values",
        "a print of a shape between two layers",
    ],
    "nn.Sequential": ["yes", "with an OrderedDict", *["no: only inside a Module of its own"], *["no"] * 4],
    "class Network(nn.Module)": ["yes"] * 7,
}


def written(shown: Subject) -> None:
    """Both sources side by side, the keys of their weights, and a residual block with and without its class."""
    architecture = shown.architecture
    sequential, module = codegen.pytorch_sequential(architecture), codegen.pytorch_module(architecture)
    for place, title, code in zip(
        st.columns(2, gap="medium"),
        ("A list of layers: `nn.Sequential`", "A class of its own: `nn.Module`"),
        (sequential, module),
    ):
        with place:
            st.markdown(f"**{title}**")
            st.code(code, language="python", height=HEIGHT)
    named, numbered = state_keys(shown.model)
    st.markdown(
        "The same function, the same weights: both have the same "
        f"{len(named)} keys in their `state_dict`, so that one's file loads into the other. A Sequential without names "
        f"counts instead (`{numbered[0]}` for `{named[0]}`): a layer put in between renames all behind it, and the "
        "file no longer fits."
    )
    st.dataframe(CAN, hide_index=True, alt="What each of both can say")
    images, what = shown.a_few(1)
    block = _without_addition(images)
    st.markdown(
        f"**Why residual blocks need a class.** A block on {what}: {block.parameters:,} parameters. Its own "
        f"children in an `nn.Sequential` have the same {block.in_a_row:,}, but nothing adds the input: the "
        f"outputs differ by up to {plain(block.difference)}. The line `learned + self.shortcut(x)` in `forward` is "
        "what no list of layers can say."
    )
    with st.expander("The residual block's class", icon=":material/code:"):
        st.code(Residual(8).torch_definitions(), language="python")
    link_to("doctor", "“mat1 and mat2 shapes cannot be multiplied”: meet it and repair it")
    twin(
        "The keys as a table",
        {
            "Keys of both state_dicts": {
                "class Network": list(named),
                "nn.Sequential(OrderedDict)": list(named),
                "nn.Sequential without names": list(numbered),
            }
        },
    )


@st.cache_data(max_entries=8, show_spinner=False)
def _without_addition(images: Floats) -> WithoutAddition:
    return without_addition(images)
