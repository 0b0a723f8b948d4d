"""What is said of a layer's answer to one image: its signs, the maps that are silent, and all of it in tables."""

from collections.abc import Sequence

from cnn_core.arrays import Floats
from cnn_core.inside.feature_maps import Maps
from pages.ui.image_source import PickedImage
from pages.ui.twin import Table
from pages.ui.words import as_text, percent

MOST_NAMED = 20


def reading(answer: Floats, classes: Sequence[str]) -> str:
    """The network's answer in words, in Markdown."""
    likeliest = int(answer.argmax())
    sure = percent(float(answer[likeliest]))
    return f"The network's answer to this image: **{as_text(classes[likeliest])}** ({sure})."


def signs(before: Maps, after: Maps | None, index: int) -> str:
    """How many values are negative, 0 and positive before and after an activation, in Markdown."""
    counted = before.signs(index)
    what = f"the values of {before.name}" if before.is_vector else f"map {index} of {before.name}"
    text = f"In {what}, {counted.negative:,} are negative, {counted.zero:,} are 0 and {counted.positive:,} positive."
    if after is None:
        return text
    kept = after.signs(index)
    return (
        f"{text} After {after.kind}, {kept.negative:,} are negative, {kept.zero:,} are 0 and {kept.positive:,} "
        "positive. A negative value is not the same as 0: it says that the image shows the opposite of what these "
        f"weights look for. Only {after.kind} decides what the next layer hears of it."
    )


def silence(layer: Maps) -> str:
    """Which maps are 0 everywhere; "" where none is."""
    silent = layer.zero_everywhere()
    if not silent:
        return ""
    named = ", ".join(map(str, silent[:MOST_NAMED])) + (", …" if len(silent) > MOST_NAMED else "")
    return (
        f"**0 everywhere for this image**: {len(silent)} of the {len(layer.values)} {layer.unit}s of {layer.name} "
        f"({named}). Choose another image: which of them wake up?"
    )


def tables(
    layers: Sequence[Maps],
    layer: Maps,
    pair: Sequence[Maps],
    index: int,
    picked: PickedImage,
    answer: Floats,
    classes: Sequence[str],
) -> dict[str, Table]:
    """Everything on the page in numbers, by the tables' titles."""
    found: dict[str, Table] = {
        f"{shown.name}, the values of {shown.unit} {index}": shown.values[index] for shown in pair
    }
    found["The network's answer"] = {"class": list(classes), "probability": answer.tolist()}
    found |= {f"The input, channel {channel}": pixels for channel, pixels in enumerate(picked.image)}
    found[f"Every {layer.unit} of {layer.name}"] = layer.table()
    shapes = {"layer": [shown.name for shown in layers], "output": [shown.shape_text for shown in layers]}
    found["All layers"] = shapes
    return found
