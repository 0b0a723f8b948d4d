"""Regularization: what keeps a network from learning its training images by heart."""

from cnn_core.data import augmentation
from cnn_core.operations import batch_norm, dropout
from cnn_core.studies import train_overfitting
from pages.operations.regularization.augmentation import augmentation_part
from pages.operations.regularization.batch_norm import batch_norm_part
from pages.operations.regularization.dropout import dropout_part
from pages.operations.regularization.keys import Key
from pages.operations.regularization.weight_decay import weight_decay_part
from pages.ui.models import chosen_model
from pages.ui.page import header, open_part, source

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

source(
    dropout.dropout,
    dropout.spread,
    batch_norm.batch_norm,
    augmentation.augment,
    train_overfitting.train,
)
