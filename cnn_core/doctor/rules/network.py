"""Rules that read what was asked for: the network and its settings."""

from cnn_core.doctor.rules.base import Case, Experiment, Finding
from cnn_core.networks.layers import Layer, ReLU
from cnn_core.training.settings import SETTINGS

FEW = 50  # images a class to train on
SMALL_BATCH = 8  # for batch norm
LEAST_HELD_OUT = 100
TINY = 2  # cells a side
L2, DECOUPLED = 0.01, 0.3  # weight decay that is strong, added to the gradient or beside it


def softmax_before_loss(case: Case) -> Finding | None:
    """A softmax stands before the loss."""
    settings, layers = case.run.settings, case.run.architecture.layers
    if not settings.softmax_before_loss and not any(layer.refused for layer in layers):
        return None
    kept = tuple(layer for layer in layers if not layer.refused)
    loss = f" The training loss ended at {case.losses[-1]:.3f}." if case.losses else ""
    return Finding(
        "Softmax is applied twice.",
        f"The network gives probabilities, and the loss takes logits.{loss}",
        "`CrossEntropyLoss` applies softmax itself. Of probabilities it makes nearly equal ones: no gradient is left.",
        Experiment("The same without the softmax", layers=kept),
        "loss",
    )


def tiny_batches(case: Case) -> Finding | None:
    """Batch norm with batches too small for it."""
    size = case.run.settings.batch_size
    if size >= SMALL_BATCH or not any(layer.normalizes for layer in case.run.architecture.layers):
        return None
    return Finding(
        "Batch norm has too few images to take a mean of.",
        f"The batch size is {size}.",
        "It normalizes by its batch's mean and spread in training, and by their running averages in eval mode: of few "
        "images the two are nothing alike.",
        Experiment("The same with batches of 64", {"batch_size": 64}),
    )


def _bends(layer: Layer) -> bool:
    """Whether two linear layers around it are not one: an activation, or a block that ends in one."""
    return layer.is_activation or layer.sign == "never negative"


def no_nonlinearity(case: Case) -> Finding | None:
    """Two layers of weights follow each other with nothing between that bends."""
    layers, names = case.run.architecture.layers, case.run.architecture.names
    before: int | None = None
    for number, layer in enumerate(layers):
        if _bends(layer) or (layer.pools and layer.window() is not None):
            before = None
        elif layer.mixes:
            if before is not None:
                bent = (*layers[: before + 1], ReLU(), *layers[before + 1 :])
                return Finding(
                    f"Nothing bends between {names[before]} and {names[number]}.",
                    f"No activation stands between them: together they can do no more than one layer of weights. The "
                    f"network has {sum(map(_bends, layers))} activations for {sum(one.mixes for one in layers)} such "
                    "layers.",
                    "A linear function of a linear function is linear: without a nonlinearity depth buys nothing.",
                    Experiment(f"The same with ReLU behind {names[before]}", layers=bent),
                )
            before = number
    return None


def too_much_pooling(case: Case) -> Finding | None:
    """The maps are pooled away before the last layers see them."""
    infos = case.run.architecture.summary()
    pools = [info for info in infos if info.layer.pools and info.layer.window() is not None]
    if len(pools) < 3 or not pools or max(pools[-1].output_shape[1:]) > TINY:
        return None
    last = pools[-1]
    layers = case.run.architecture.layers
    kept = (*layers[: last.index], *layers[last.index + 1 :])
    size, side = last.output_shape[1], case.run.architecture.input_shape[1]
    return Finding(
        "The image is pooled away.",
        f"{len(pools)} poolings leave {size}×{last.output_shape[2]} cells of {side}×"
        f"{case.run.architecture.input_shape[2]} pixels; {last.name} is the last.",
        "Each pooling throws away where something was. With a cell or two left, parts can no longer be told by place.",
        Experiment(f"The same without {last.name}", layers=kept),
    )


def strong_weight_decay(case: Case) -> Finding | None:
    """Weight decay holds the network back."""
    settings = case.run.settings
    limit = L2 if settings.optimizer in ("sgd", "adam", "rmsprop") else DECOUPLED
    if settings.weight_decay < limit or not case.losses or case.losses[-1] < 0.15 * case.guessing:
        return None
    return Finding(
        "Weight decay pulls harder than the images.",
        f"It is {settings.weight_decay:g} with {settings.optimizer}, and the training loss still is "
        f"{case.losses[-1]:.3f} at the end.",
        "Each step shrinks every weight. Too strong, the network cannot even keep what its training images teach.",
        Experiment("The same without weight decay", {"weight_decay": 0.0}),
        "loss",
    )


def unscaled_test(case: Case) -> Finding | None:
    """Test images have another scale than those it learned from."""
    settings, test = case.run.settings, case.run.test
    if settings.test_inputs == SETTINGS["test_inputs"].default:
        return None
    seen = ""
    if test is not None and case.validation:
        loss, accuracy = max(case.validation, key=lambda one: one[1])
        worse = "none" if test["loss"] is None else f"{test['loss']:.3f}"
        seen = (
            f" Validation images from 0 to 1: {accuracy:.1%} right, loss {loss:.3f}. Test images from 0 to 255: "
            f"{test['accuracy']:.1%} right, loss {worse}."
        )
    return Finding(
        "The test images are not scaled as the training images were.",
        f"It learned from values of 0 to 1, and is tested with values of 0 to 255.{seen}",
        "The division by 255 stands in the training code and was forgotten where the network is used.",
        Experiment("The same with test images from 0 to 1", {"test_inputs": "trained"}),
        "accuracy",
    )


def few_images(case: Case) -> Finding | None:
    """There are very few images to learn from."""
    started = case.run.started
    if started is None or started["images"] >= FEW * case.classes:
        return None
    images = started["images"]
    return Finding(
        "It has very few images to learn from.",
        f"{images:,} training images of {case.classes} classes are {images / case.classes:.0f} a class.",
        "What few images have in common by accident looks like a rule.",
        Experiment("The same with all images", {"train_limit": None}),
    )


def few_held_out(case: Case) -> Finding | None:
    """The validation set is too small to tell epochs apart."""
    started = case.run.started
    if (
        started is None
        or "validation_images" not in started
        or started["validation_images"] >= LEAST_HELD_OUT
    ):
        return None
    images = started["validation_images"]
    if not images:
        evidence = "No image is held out, so nothing says which epoch is best, and the last one is kept."
    else:
        accuracy = case.validation[-1][1] if case.validation else 0.5
        spread = 2 * case.error_of(accuracy)
        evidence = (
            f"Of {images} images one is {1 / images:.1%}; {accuracy:.1%} means {accuracy:.1%} ± {spread:.1%}."
        )
    return Finding(
        "The validation set is too small to tell.",
        evidence,
        "A difference between two epochs, or two runs, has to be larger than chance alone makes it.",
        Experiment("The same with a fifth of the images held out", {"validation_fraction": 0.2}),
        "accuracy" if images else "",
    )
