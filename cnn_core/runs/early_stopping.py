"""When a training ends before its last epoch because it gets no better, and which of its epochs counts as the best."""

from collections.abc import Sequence

from cnn_core.runs.events import Epoch
from cnn_core.training.settings import TrainSettings
from cnn_core.training.trainer import Score

WATCHED = {"loss": "validation loss has not fallen", "accuracy": "validation accuracy has not risen"}


def quality(settings: TrainSettings, epoch: int, score: Score | None) -> list[float]:
    """How good the weights after this epoch are, to be compared; without validation images later ones are better."""
    if score is None:
        return [float(epoch), 0.0]
    found = [score.accuracy, -score.loss]
    return found[::-1] if settings.early_stopping == "loss" else found


def gets_no_better(settings: TrainSettings, epochs: Sequence[Epoch]) -> str:
    """That what is watched was no better in the last `patience` epochs than before, as a sentence; empty where it was.

    Without validation images no epoch is better or worse: such a training goes on.
    """
    what = WATCHED.get(settings.early_stopping)
    scores = [(epoch["validation_loss"], epoch["validation_accuracy"]) for epoch in epochs]
    watched = [
        -loss if settings.early_stopping == "loss" else accuracy
        for loss, accuracy in scores
        if loss is not None and accuracy is not None
    ]
    if what is None or not watched or len(watched) - 1 - watched.index(max(watched)) < settings.patience:
        return ""
    since = "1 epoch" if settings.patience == 1 else f"{settings.patience} epochs"
    kept = max(epoch["epoch"] for epoch in epochs if epoch["best"])
    return (
        f"Stopped early after epoch {len(epochs)} of {settings.epochs}: {what} for {since}."
        f" The weights of epoch {kept + 1} are restored."
    )
