"""A network as a file: there and back, and whatever a stranger puts in its place is refused with a sentence."""

import json

import pytest

from cnn_core.data.augmentation import Augmentation
from cnn_core.networks import json_form, repairs
from cnn_core.networks.presets import PRESETS
from cnn_core.training.design import MOST_BYTES, Design, DesignError, read, write
from cnn_core.training.settings import TrainSettings

NETWORK = PRESETS["lenet5"].architecture()


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_there_and_back(preset) -> None:
    settings = TrainSettings("digits", optimizer="sgd", seed=7, augmentation=Augmentation(shift=2))
    for design in (Design(preset.architecture()), Design(preset.architecture((3, 32, 32), 3), settings)):
        assert read(write(design).encode()) == design
    assert len(write(Design(preset.architecture(), settings))) < MOST_BYTES / 10


def test_the_network_alone_will_do_and_one_that_cannot_work_is_one() -> None:
    assert read(json.dumps(json_form.write(NETWORK)).encode()) == Design(NETWORK)
    broken = NETWORK.with_layers(NETWORK.layers[-1:])
    assert repairs.problems(read(write(Design(broken)).encode()).architecture)


def changed(**with_: object) -> bytes:
    return json.dumps({**json.loads(write(Design(NETWORK, TrainSettings()))), **with_}).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no readable JSON"),
        (b"\x89PNG\r\n", "no readable JSON"),
        (b"[1, 2]", "no object"),
        (b"{" * 5000, "no readable JSON"),
        (b" " * (MOST_BYTES + 1), "at most"),
        (b'{"layers": []}', "lacks the key 'input_shape'"),
        (changed(extra=1), "unknown key 'extra'"),
        (changed(training=[1]), "training is a list"),
        (changed(training={"learning_rate": -1}), "learning_rate is -1"),
        (changed(training={"pickle": 1}), "unknown setting 'pickle'"),
        (
            changed(architecture={"input_shape": [1, 28, 28], "classes": 10, "layers": [{"type": "Evil"}]}),
            "Evil",
        ),
        (
            changed(
                architecture={
                    "input_shape": [1, 28, 28],
                    "classes": 10,
                    "layers": [{"type": "Conv2d", "out_channels": -3}],
                }
            ),
            "negative",
        ),
    ],
)
def test_what_is_no_network_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(DesignError) as refused:
        read(data)
    assert says in str(refused.value)
