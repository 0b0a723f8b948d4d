"""Activations and loss: what stands between the convolutions, and what stands at the end."""

from cnn_core.operations import activation_effects, activation_functions, collapse, losses
from pages.operations.activations import functions, no_nonlinearity, softmax, softmax_twice
from pages.operations.activations.keys import Key
from pages.ui.controls import open_part
from pages.ui.models import chosen_model
from pages.ui.page import header, source

header(
    "Activations and loss",
    "An activation bends every value on its own. Without one, any depth is a single convolution.",
)
ref, checkpoint = chosen_model("Activations of a network")
open_part(
    {
        "Functions": lambda: functions.show(ref, checkpoint),
        "Without a nonlinearity": lambda: no_nonlinearity.show(checkpoint),
        "Softmax and loss": lambda: softmax.show(ref, checkpoint),
        "Softmax twice": softmax_twice.show,
    },
    Key.PART,
)

source(
    activation_functions.gelu,
    activation_effects.effect,
    collapse.compose_kernels,
    losses.softmax,
    losses.cross_entropy,
    losses.twice_softmax_gradient,
)
