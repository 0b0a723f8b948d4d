"""What is said of a run's network: its scores, and the card that lies beside its weights."""

import time
from typing import TYPE_CHECKING

from cnn_core.checkpoints import Card, Scores
from cnn_core.data import catalog
from cnn_core.judge import metrics
from cnn_core.runs import history, records

if TYPE_CHECKING:
    from cnn_core.training.trainer import Score  # brings torch, and pages are up before it


def summary(score: "Score", classes: int) -> Scores:
    """A test score as `metrics.json` and cards hold it."""
    return {
        "accuracy": score.accuracy,
        "macro_f1": score.macro_f1,
        "loss": score.loss,
        "images": len(score.labels),
        "confusion_matrix": metrics.confusion_matrix(score.labels, score.predictions, classes).tolist(),
    }


def card_of(run: history.Run, test: Scores | None, command: str) -> Card:
    """The card of a run's best weights; `test` is None until they are scored."""
    info = catalog.info(run.settings.dataset)
    return Card(
        name=run.id,
        title=run.title,
        dataset=info.name,
        classes=tuple(info.classes),
        architecture=run.architecture,
        settings=run.settings.to_dict(),
        test=test,
        command=command,
        data=info.source,
        versions=records.versions(),
        created=time.strftime("%Y-%m-%d", time.localtime(run.created)),
        weights=records.BEST,
    )
