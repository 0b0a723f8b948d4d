"""Activations and loss: what stands between the convolutions, and what stands at the end."""

from cnn_core.operations import activation_effects, activation_functions, collapse, losses
from pages.operations.activations.functions import functions
from pages.operations.activations.keys import Key
from pages.operations.activations.no_nonlinearity import no_nonlinearity
from pages.operations.activations.softmax import softmax_part
from pages.operations.activations.softmax_twice import twice_part
from pages.ui.models import chosen_model
from pages.ui.page import header, open_part, source

header(
    "Activations and loss",
    "An activation bends every value on its own. Without one, any depth is a single convolution.",
)
ref, checkpoint = chosen_model("Activations of a network")
open_part(
    {
        "Functions": lambda: functions(ref, checkpoint),
        "Without a nonlinearity": lambda: no_nonlinearity(checkpoint),
        "Softmax and loss": lambda: softmax_part(ref, checkpoint),
        "Softmax twice": twice_part,
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
