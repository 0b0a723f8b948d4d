"""What the app's own training reaches, for what is compared with it."""

import torch

from cnn_core.data.datasets import load
from cnn_core.networks.architecture import Architecture
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Trainer


def app_score(architecture: Architecture, wanted: TrainSettings) -> float:
    """The test accuracy of the app's own training."""
    return trained(Trainer(architecture, wanted, load(wanted.dataset)))


def trained(trainer: Trainer) -> float:
    """The same; the trainer then has the weights that were kept."""
    best: tuple[float, dict[str, torch.Tensor]] | None = None
    for _ in range(trainer.settings.epochs):
        for _step in trainer.steps():
            pass
        score = trainer.score_validation()
        trainer.end_epoch(0.0 if score is None else score.loss)
        if best is None or score is None or score.accuracy >= best[0]:
            best = (0.0 if score is None else score.accuracy, trainer.weights())
    assert best is not None
    trainer.load_weights(best[1])
    return trainer.score_test().accuracy
