"""Activations and loss: what stands between the convolutions, and what stands at the end."""

from cnn_core import activation_effects, collapse, losses, nonlinearities
from pages.ui.activations_lab.functions import functions
from pages.ui.activations_lab.no_nonlinearity import no_nonlinearity
from pages.ui.activations_lab.softmax_part import softmax_part
from pages.ui.activations_lab.twice_part import twice_part
from pages.ui.chosen_model import chosen_model
from pages.ui.page import header, open_part, source
from pages.ui.state import ActivationsKey as Key

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
    nonlinearities.gelu,
    activation_effects.effect,
    collapse.compose_kernels,
    losses.softmax,
    losses.cross_entropy,
    losses.twice_softmax_gradient,
)
