"""Every layer type in the builder: it can be added, and each of its settings edited, from what its class says."""

import pytest

from cnn_core.networks import shorthand
from cnn_core.networks.layers import LAYER_TYPES
from pages.train.builder.keys import Key
from pages.ui.network.keys import NetworkKey
from tests.support.layer_strategies import new_layer
from tests.support.opening import open_page, words


def the_layer(at):
    """The layer that was added, as the line has it."""
    return shorthand.from_text(at.session_state[NetworkKey.NETWORK])[1]


@pytest.mark.parametrize("kind", LAYER_TYPES.values(), ids=LAYER_TYPES)
def test_it_can_be_added_and_edited(kind) -> None:
    at = open_page("train/builder/page.py", Key, link={NetworkKey.NETWORK: "conv4-flatten-linear10"})
    (add,) = (box for box in at.sidebar.selectbox if box.key == Key.ADD)
    assert kind.title in add.options
    at = add.set_value(kind.__name__).run()
    assert not at.exception
    layer = new_layer(kind)
    assert the_layer(at) == layer
    at.session_state[Key.MORE] = True  # the rare settings are there while they are open
    at.run()
    for name, known in kind.settings().items():
        key = f"{Key.EDIT}-{name}"
        if known.kind is bool:
            (box,) = (box for box in at.sidebar.checkbox if box.key == key)
            value = not box.value
        elif known.words:
            (box,) = (box for box in at.sidebar.selectbox if box.key == key)
            value = known.words[0]
        else:
            (box,) = (box for box in at.sidebar.number_input if box.key == key)
            assert (box.value is None) == bool(known.unset)
            value = (box.value or 4) + 1 if known.kind is int else round((known.low + known.high) / 3, 4)
        assert box.label == known.label
        at = box.set_value(value).run()
        assert not at.exception
        assert getattr(the_layer(at), name) == value
        if known.unset:  # emptied, it is open again
            (box,) = (box for box in at.sidebar.number_input if box.key == key)
            assert box.placeholder == known.unset
            at = box.set_value(None).run()
            assert getattr(the_layer(at), name) is None
    if not kind.settings():
        assert any(f"{kind.title} has no settings" in caption.value for caption in at.sidebar.caption)
    assert the_layer(at).title in words(at) or the_layer(at).prefix in words(at)
