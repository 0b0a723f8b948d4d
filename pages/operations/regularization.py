"""Regularization: what keeps a network from learning its training images by heart."""

from cnn_core import augmentation, dropout_study, regularization
from pages.ui.chosen_model import chosen_model
from pages.ui.page import header, open_part, source
from pages.ui.regularization_lab.augmentation_part import augmentation_part
from pages.ui.regularization_lab.batch_norm_part import batch_norm_part
from pages.ui.regularization_lab.dropout_part import dropout_part
from pages.ui.regularization_lab.weight_decay_part import weight_decay_part
from pages.ui.state import RegularizationKey as Key

header(
    "Regularization",
    "A network can learn its training images by heart. Each of these makes that harder, and what is left is learning.",
)
ref, checkpoint = chosen_model("Dropout and batch norm in a network")
open_part(
    {
        "Dropout": lambda: dropout_part(ref, checkpoint),
        "Batch norm": lambda: batch_norm_part(ref, checkpoint),
        "Weight decay": weight_decay_part,
        "Augmentation": lambda: augmentation_part(ref, checkpoint),
    },
    Key.PART,
)

from cnn_core.overfitting import train  # noqa: E402 (imports torch)

source(
    regularization.dropout,
    dropout_study.spread,
    regularization.batch_norm,
    augmentation.augment,
    train,
)
