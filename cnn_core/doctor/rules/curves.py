"""Rules that read the curves: how loss and accuracy went."""

from cnn_core.doctor.rules.base import Case, Experiment, Finding, rate_times
from cnn_core.networks.layers import Dropout
from cnn_core.training.settings import SETTINGS, USUAL_LEARNING_RATE

FAR = 1.5  # times the loss of guessing, for a first loss
LEARNED = 0.95  # of the loss of guessing: what is above has learned nothing
MOST_EPOCHS = int(SETTINGS["epochs"].high or 1)


def _first(case: Case) -> float | None:
    """The loss of the very first batch, before any step."""
    batches = case.run.batches
    begins = bool(batches) and (batches[0]["epoch"], batches[0]["step"]) == (0, 1)
    return batches[0]["loss"] if begins else None


def first_loss(case: Case) -> Finding | None:
    """The loss of the first batch is far from ln K."""
    loss = _first(case)
    if loss is None or loss < FAR * case.guessing:
        return None
    return Finding(
        "The network begins worse than one that guesses.",
        f"The first batch has a loss of {loss:.2f}, before any step; guessing among {case.classes} classes has "
        f"ln {case.classes} = {case.guessing:.2f}.",
        "Weights that begin too large, or inputs far from 0 to 1, make sure and wrong answers.",
        Experiment(
            "The same, to compare first losses, with another seed", {"seed": case.run.settings.seed + 1}
        ),
        "loss",
    )


def no_number(case: Case) -> Finding | None:
    """The loss is no number."""
    run = case.run
    failed = run.status == "failed" and ("number" in run.reason or "overflow" in run.reason)
    if not failed and all(batch["loss"] is not None for batch in run.batches):
        return None
    last = next((batch for batch in reversed(run.batches) if batch["loss"] is not None), None)
    before = "" if last is None else f" The last loss that was one is {last['loss']:.3g}."
    where = run.reason or "The run wrote down a loss that is no number."
    return Finding(
        "The loss stopped being a number.",
        f"{where.partition(':')[0]}.{before} The learning rate is {run.settings.learning_rate:g}.",
        "Each step overshoots further than the last, until the numbers overflow: nearly always the learning rate.",
        rate_times(case, 0.1),
        "loss",
    )


def never_falls(case: Case) -> Finding | None:
    """The training loss never falls below that of guessing."""
    if not case.losses or min(case.losses) < LEARNED * case.guessing:
        return None
    factor = 10.0 if case.run.settings.learning_rate < 1e-3 else 0.1
    return Finding(
        "The network learned nothing.",
        f"The training loss of the best epoch is {min(case.losses):.3f}, that of guessing {case.guessing:.3f}.",
        "The steps are too small to matter, so large that the ReLUs died, or no gradient comes through.",
        rate_times(case, factor),
        "loss",
    )


def rate_too_high(case: Case) -> Finding | None:
    """The loss rises where it should fall."""
    losses = [batch["loss"] for batch in case.run.batches if batch["loss"] is not None]
    highest = max(losses, default=0.0)
    rises = [
        (number, before, after)
        for number, (before, after) in enumerate(zip(case.losses, case.losses[1:]), 2)
        if after > 1.25 * before and after > before + 0.1
    ]
    first = _first(case) or case.guessing
    if not rises and highest < 1.5 * max(first, case.guessing):
        return None
    evidence = (
        f"In epoch {rises[0][0]} the training loss rose from {rises[0][1]:.3f} to {rises[0][2]:.3f}."
        if rises
        else f"It reached {highest:.3g}, and began at {first:.2f}."
    )
    return Finding(
        "The loss jumps up: the steps are too large.",
        f"{evidence} The learning rate is {case.run.settings.learning_rate:g}.",
        "A step beyond the valley's floor ends on its other side, higher than before.",
        rate_times(case, 0.1),
        "loss",
    )


def rate_too_low(case: Case) -> Finding | None:
    """The loss falls, and is still high at the end, at a rate far below the usual one."""
    settings = case.run.settings
    usual = USUAL_LEARNING_RATE.get(settings.optimizer, settings.learning_rate)
    if not case.losses or settings.learning_rate > usual / 8:
        return None
    if not 0.3 * case.guessing < case.losses[-1] < LEARNED * case.guessing:
        return None
    return Finding(
        "The steps are small: it was still on its way when it ended.",
        f"After {len(case.losses)} epochs the training loss is {case.losses[-1]:.3f} of {case.guessing:.3f} at the "
        f"start. The learning rate is {settings.learning_rate:g}; usual for {settings.optimizer} is {usual:g}.",
        "A rate that is too low wastes epochs: it goes the same way, later.",
        rate_times(case, 10.0),
        "loss",
    )


def still_falling(case: Case) -> Finding | None:
    """The last epoch still made the network much better."""
    if len(case.validation) < 2 or case.run.status != "finished" or rate_too_low(case):
        return None
    (loss_before, before), (loss, after) = case.validation[-2:]
    if loss > 0.9 * loss_before or after - before < max(0.01, 2 * case.error_of(after)):
        return None
    epochs = min(2 * case.run.settings.epochs, MOST_EPOCHS)
    return Finding(
        "It ended while it was still getting better.",
        f"The last epoch took the validation loss from {loss_before:.3f} to {loss:.3f} and the accuracy from "
        f"{before:.1%} to {after:.1%}.",
        "Too few epochs.",
        Experiment(f"The same for {epochs} epochs", {"epochs": epochs}),
        "loss",
    )


def overfitting(case: Case) -> Finding | None:
    """Training is far better than validation."""
    if not case.validation:
        return None
    (loss, accuracy), trained = case.validation[-1], case.run.epochs[-1]["accuracy"]
    gap, least = trained - accuracy, min(loss for loss, _ in case.validation)
    if gap < max(0.05, 3 * case.error_of(accuracy)) or (gap < 0.1 and loss < 1.1 * least):
        return None
    layers = case.run.architecture.layers
    dropped = (*layers[:-1], Dropout(), layers[-1])
    return Finding(
        "It learned its training images by heart.",
        f"In the last epoch {trained:.1%} of the training images are right and {accuracy:.1%} of the {case.held_out:,} "
        f"validation images, whose loss ends at {loss:.3f} and was {least:.3f} at best.",
        "More weights than the images can fill: fewer of them, dropout, augmentation or more images help.",
        Experiment("The same with dropout before the last layer", layers=dropped),
        "loss",
    )


def validation_above_training(case: Case) -> Finding | None:
    """Validation is better than training, which is no fault."""
    if not case.validation:
        return None
    accuracy, trained = case.validation[-1][1], case.run.epochs[-1]["accuracy"]
    if accuracy - trained < max(0.02, 3 * case.error_of(accuracy)):
        return None
    layers = case.run.architecture.layers
    drops = any(layer.drop_rate for layer in layers)
    whole = tuple(layer for layer in layers if not layer.drop_rate)
    because = "dropout is on" if drops else "the weights still change"
    return Finding(
        "Validation looks better than training, and that is no bug.",
        f"In the last epoch {accuracy:.1%} of the validation images are right, {trained:.1%} of the training images.",
        f"Training is the mean over an epoch's batches, while {because}; validation is measured at its end, with "
        "dropout off.",
        Experiment("The same without dropout", layers=whole)
        if drops
        else Experiment(
            "The same for twice the epochs", {"epochs": min(2 * case.run.settings.epochs, MOST_EPOCHS)}
        ),
        "accuracy",
        explained=True,
    )


def labels_shuffled(case: Case) -> Finding | None:
    """It learns its training images, and is at chance on all others."""
    if not case.validation:
        return None
    chance = 1 / case.classes
    best, trained = max(accuracy for _, accuracy in case.validation), case.run.epochs[-1]["accuracy"]
    if best > chance + 3 * case.error_of(chance) or trained < 2 * chance + 0.05:
        return None
    return Finding(
        "What it learned holds for no other image: are these the right labels?",
        f"{trained:.1%} of the training images are right, and at best {best:.1%} of the {case.held_out:,} validation "
        f"images; guessing has {chance:.1%}.",
        "Labels that stand in another order than their images, shuffled apart, can only be learned by heart.",
        Experiment("Look at images with their labels", page="confusion"),
        "accuracy",
    )


def best_epoch_early(case: Case) -> Finding | None:
    """The best epoch lies long before the last."""
    losses = [loss for loss, _ in case.validation]
    if len(losses) < 4:
        return None
    best = losses.index(min(losses))
    if best + 1 > 0.6 * len(losses) or losses[-1] < max(1.25 * losses[best], losses[best] + 0.05):
        return None
    return Finding(
        f"It was best after epoch {best + 1} of {len(losses)}.",
        f"The validation loss was {losses[best]:.3f} then and is {losses[-1]:.3f} at the end.",
        "From there on it learned what only its training images have. The best weights are kept; the time was not.",
        Experiment(f"The same for {best + 1} epochs", {"epochs": best + 1}),
        "loss",
    )


def test_below_validation(case: Case) -> Finding | None:
    """The test set is answered far worse than the validation set."""
    test = case.run.test
    if test is None or not case.validation:
        return None
    best = max(accuracy for _, accuracy in case.validation)
    spread = (case.error_of(best) ** 2 + case.error_of(test["accuracy"], test["images"]) ** 2) ** 0.5
    if best - test["accuracy"] < max(0.05, 3 * spread):
        return None
    return Finding(
        "The test set is much harder for it than the validation set.",
        f"{best:.1%} of {case.held_out:,} validation images are right, and {test['accuracy']:.1%} of "
        f"{test['images']:,} test images.",
        "Test images of other sources (other writers, another camera), or validation images nearly like those it was "
        "trained on.",
        Experiment("See which test images it mistakes", page="confusion"),
        "accuracy",
    )
