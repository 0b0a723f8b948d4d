"""Rules that look into the trained network, and at training it anew on one batch."""

from cnn_core.doctor.rules.base import Case, Experiment, Finding, rate_times
from cnn_core.networks.layers import LeakyReLU

HALF = 0.5  # of a layer's channels
LARGE = 20.0
ENOUGH = 40  # steps on one batch


def dead_channels(case: Case) -> Finding | None:
    """Half of a layer's channels or more are 0 for every image."""
    layers = [] if case.inside is None else [one for one in case.inside.layers if one.channels > 1]
    worst = max(layers, key=lambda one: one.dead / one.channels, default=None)
    if case.inside is None or worst is None or worst.dead < HALF * worst.channels:
        return None
    leaky = tuple(
        LeakyReLU() if one.sign == "never negative" and one.is_activation else one
        for one in case.run.architecture.layers
    )
    return Finding(
        f"Much of {worst.name} is dead.",
        f"{worst.dead} of its {worst.channels} channels are 0 for all of {case.inside.images} test images.",
        "A step that was too large pushed their sums below 0 for every image; a ReLU that never opens gets no "
        "gradient, so it never comes back.",
        Experiment("The same with LeakyReLU, which lets a little through", layers=leaky),
    )


def large_weights(case: Case) -> Finding | None:
    """Weights grew out of all proportion."""
    layers = () if case.inside is None else case.inside.layers
    worst = max(layers, key=lambda one: one.largest, default=None)
    if worst is None or worst.largest < LARGE:
        return None
    return Finding(
        "Its weights exploded.",
        f"The largest weight of {worst.name} is {worst.largest:,.1f}; after sound training few are above 1.",
        "Steps that overshoot throw the weights further each time. The answers are then very sure, right or wrong.",
        rate_times(case, 0.1),
    )


def filters_alike(case: Case) -> Finding | None:
    """All filters of a layer are the same."""
    found = [] if case.inside is None else [one for one in case.inside.layers if one.alike]
    if not found:
        return None
    return Finding(
        f"All filters of {found[0].name} are the same.",
        f"Its {found[0].channels} filters do not differ in a single weight: they do the work of one.",
        "Weights that begin equal (all 0, say) get equal gradients and stay equal: chance must part them.",
        Experiment(
            "The same from weights drawn at random, with another seed", {"seed": case.run.settings.seed + 1}
        ),
    )


def not_by_heart(case: Case) -> Finding | None:
    """Its network cannot learn even one batch by heart."""
    losses = case.by_heart
    if len(losses) < ENOUGH or losses[-1] < HALF * losses[0]:
        return None
    return Finding(
        "This network cannot learn even one batch by heart.",
        f"Trained anew on the same few images, its loss went from {losses[0]:.3f} to {losses[-1]:.3f} in "
        f"{len(losses)} steps; a sound network comes close to 0.",
        "Not the data, but the network or the loss: gradients that vanish on their way, or a bottleneck.",
        Experiment("The same with another seed", {"seed": case.run.settings.seed + 1}),
    )
