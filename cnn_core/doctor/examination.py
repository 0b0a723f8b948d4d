"""Examining a run: all the rules, a function each and its line in `RULES`."""

from cnn_core.doctor.rules.answers import class_never_answered, one_answer, two_swapped
from cnn_core.doctor.rules.base import Case, Find, Finding
from cnn_core.doctor.rules.curves import (
    best_epoch_early,
    first_loss,
    labels_shuffled,
    never_falls,
    no_number,
    overfitting,
    rate_too_high,
    rate_too_low,
    still_falling,
    test_below_validation,
    validation_above_training,
)
from cnn_core.doctor.rules.network import (
    few_held_out,
    few_images,
    no_nonlinearity,
    softmax_before_loss,
    strong_weight_decay,
    tiny_batches,
    too_much_pooling,
    unscaled_test,
)
from cnn_core.doctor.rules.weights import dead_channels, filters_alike, large_weights, not_by_heart

# By what they ask; the gravest first.
RULES: dict[str, Find] = {
    "Is the loss a number?": no_number,
    "Does the first loss lie near ln K, that of guessing?": first_loss,
    "Is the loss given logits, no probabilities?": softmax_before_loss,
    "Are test images scaled as those it learned from?": unscaled_test,
    "Does something bend between layers of weights?": no_nonlinearity,
    "Does the training loss fall below that of guessing?": never_falls,
    "Does the loss never jump up?": rate_too_high,
    "Is the learning rate large enough?": rate_too_low,
    "Do answers depend on the image?": one_answer,
    "Is every class answered at all?": class_never_answered,
    "Is no class taken for another, and that for it?": two_swapped,
    "Does what is learned hold for other images, as with true labels?": labels_shuffled,
    "Are most channels alive?": dead_channels,
    "Do filters differ?": filters_alike,
    "Are the weights of a sound size?": large_weights,
    "Can the network learn one batch by heart?": not_by_heart,
    "Are batches large enough for batch norm?": tiny_batches,
    "Is weight decay weaker than the images?": strong_weight_decay,
    "Is enough of the map left behind the poolings?": too_much_pooling,
    "Are there enough images of each class?": few_images,
    "Is training no better than validation?": overfitting,
    "Does the best epoch come late?": best_epoch_early,
    "Is the test set like the validation set?": test_below_validation,
    "Did it end when it was done?": still_falling,
    "Are there enough validation images?": few_held_out,
    "Is validation no better than training?": validation_above_training,
}


def examine(case: Case) -> tuple[Finding, ...]:
    """What the rules find in a run, in their order; empty where nothing is wrong."""
    found = ((title, find(case)) for title, find in RULES.items())
    return tuple(finding.by(title) for title, finding in found if finding is not None)
