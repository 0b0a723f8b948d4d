"""Regularization: what keeps a network from learning its training images by heart."""

from cnn_core.data.augmentation import augment
from cnn_core.operations.batch_norm import batch_norm as normalize
from cnn_core.operations.dropout import dropout as drop
from cnn_core.operations.dropout import prediction_spread
from cnn_core.studies.train_overfitting import train
from pages.operations.regularization import augmentation, batch_norm, dropout, weight_decay
from pages.operations.regularization.keys import Key
from pages.ui.controls import open_part
from pages.ui.models import chosen_model
from pages.ui.page import header, source

header(
    "Regularization",
    "A network can learn its training images by heart. Each of these makes that harder, and what is left is learning.",
)
ref, checkpoint = chosen_model("Dropout and batch norm in a network")
open_part(
    {
        "Dropout": lambda: dropout.show(ref, checkpoint),
        "Batch norm": lambda: batch_norm.show(ref, checkpoint),
        "Weight decay": weight_decay.show,
        "Augmentation": lambda: augmentation.show(ref, checkpoint),
    },
    Key.PART,
)

source(drop, prediction_spread, normalize, augment, train)
