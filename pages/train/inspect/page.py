"""Inspect: where a network's parameters and work lie, how its numbers are spread, the graph it records, its code."""

from functools import partial

from cnn_core.inside.branching import by_brightness
from cnn_core.inside.graph import record
from cnn_core.networks import codegen, costs, shapes
from pages.train.inspect.branches import branches
from pages.train.inspect.keys import Key
from pages.train.inspect.layers import layers
from pages.train.inspect.recorded import recorded
from pages.train.inspect.subject import pick_which, subject
from pages.train.inspect.written import written
from pages.ui.controls import open_part
from pages.ui.network.keys import NetworkKey
from pages.ui.page import header, source

header(
    "Inspect",
    "A network's **parameters** and **work** lie in different layers; each forward pass leaves a **graph**.",
    may_be_empty=[NetworkKey.NETWORK],
    beside=pick_which,
)
shown = subject()
open_part(
    {
        "Layers": partial(layers, shown),
        "Dynamic graph": partial(recorded, shown),
        "An if, two graphs": partial(branches, shown),
        "Sequential or Module": partial(written, shown),
    },
    Key.PART,
)
source(shapes.walk, costs.arithmetic, record, by_brightness, codegen.pytorch_module)
