"""A call of each component with something to show, by its folder's name; each is a page of its own for `AppTest`."""

from collections.abc import Callable


def kernel_player() -> None:
    """A convolution of a 5×6 image with a padding of 1."""
    import numpy as np

    from pages.ui.components.kernel_player import Scene, kernel_player

    kernel_player(
        Scene(
            mode="conv",
            padded=np.pad(np.arange(30, dtype=np.float32).reshape(1, 5, 6) / 30, ((0, 0), (1, 1), (1, 1))),
            image_size=(5, 6),
            offset=(1, 1),
            output=np.linspace(-1, 1, 30, dtype=np.float32).reshape(5, 6),
            kernel_size=(3, 3),
            weight=np.linspace(-0.5, 0.5, 9, dtype=np.float32).reshape(1, 3, 3),
            unread=np.eye(5, 6, dtype=bool),
        ),
        key="example",
        label="An example, player",
    )


def tiles() -> None:
    """Three maps, with values that are no numbers among theirs."""
    import numpy as np

    from pages.ui.components.tiles import tiles

    values = np.linspace(-1, 1, 3 * 4 * 5, dtype=np.float32).reshape(3, 4, 5)
    values[0, 0, :3] = np.nan, np.inf, -np.inf
    tiles(values, key="example", names=["a", "b", "c"], scope="this layer", on_pick=lambda index: None)


def pad() -> None:
    """A stroke on the paper."""
    from cnn_core.data.strokes import Stroke
    from pages.ui.components.pad import pad

    pad([Stroke("pen", 20, (60, 60, 200, 220))], key="example", side=308, on_draw=lambda told: None)


def layer_strip() -> None:
    """A small network, without a model."""
    from cnn_core.networks.architecture import Architecture
    from cnn_core.networks.layers import Conv2d, Flatten, Linear
    from pages.train.builder.layer_strip import layer_strip

    layers = (Conv2d(8), Flatten(), Linear(10))
    layer_strip(Architecture((1, 28, 28), layers, 10), key="example", input_title="Digits")


def mosaic() -> None:
    """Five filters of two kernels each, strongest first, with two classes."""
    import numpy as np

    from pages.ui.components.mosaic import Further, Units, mosaic

    values = np.linspace(-1, 1, 5 * 2 * 3 * 3, dtype=np.float32).reshape(10, 3, 3)
    units = Units(
        identity="conv1",
        title="5 filters",
        label="All filters of conv1",
        values=values,
        names=[f"filter {index}" for index in range(5)],
        limits=np.ones(5, np.float32),
        scope="this layer",
        group=2,
        slice_names=["channel 0", "channel 1"],
        further=[Further("Input", np.ones((1, 8, 8), np.float32), "pixels", own=False)],
        hint="Point at a cell to read it.",
    )
    shares = [("cat", 0.75, "75 %"), ("dog", 0.25, "25 %")]
    mosaic(units, key="example", on_pick=lambda unit, part: None, shares=shares)


def matrix() -> None:
    """A linear layer of 6 outputs and 40 inputs."""
    import numpy as np

    from pages.inside.filters.matrix import matrix

    matrix(
        np.linspace(-1, 1, 240, dtype=np.float32).reshape(6, 40),
        key="example",
        identity="linear1",
        title="linear1",
        names=[str(index) for index in range(6)],
        prefix="output ",
        limit=1.0,
        scope="this layer",
        chosen=(0, 0),
        on_pick=lambda row, column: None,
    )


def confusion_board() -> None:
    """Three classes, two images."""
    import numpy as np

    from cnn_core.judge.examples import Examples
    from pages.judge.confusion.confusion_board import Samples, Told, confusion_board

    index, true = np.array([4, 17]), np.array([0, 2])
    found = Examples(index, true, np.array([0, 1]), np.array([0.75, 0.5]))
    pixels = np.arange(2 * 8 * 8, dtype=np.uint8).reshape(2, 8, 8, 1)
    answers = np.array([[0.75, 0.25, 0], [0.25, 0.5, 0.25]], np.float32)
    confusion_board(
        np.array([[8, 2, 0], [0, 7, 0], [1, 3, 400]]),
        ("cat", "dog", "ship"),
        Samples("2 images", found, pixels, answers, pages=2, most=2, selected=4),
        key="example",
        score="70.00\u00a0% right",
        shares=False,
        chosen=(0, 1),
        told=Told(lambda cell: None, lambda page: None, lambda image: None),
    )


def reader() -> None:
    """The shipped network, blank paper."""
    from cnn_core import checkpoints
    from pages.ui.components.engine import describe
    from pages.ui.components.reader import reader
    from pages.ui.models import ModelRef

    path = checkpoints.folder("mnist-3conv")
    ref = ModelRef("mnist-3conv", "mnist-3conv", path, 1, checkpoints.read_card(path))
    reader("example", describe(ref), (), on_draw=lambda told: None, height="500px")


def network_map() -> None:
    """The shipped network, blank paper."""
    from cnn_core import checkpoints
    from cnn_core.data.drawing import MNIST
    from pages.inside.network.network_map import Given, network_map
    from pages.ui.components.engine import describe
    from pages.ui.models import ModelRef

    path = checkpoints.folder("mnist-3conv")
    ref = ModelRef("mnist-3conv", "mnist-3conv", path, 1, checkpoints.read_card(path))
    network_map(
        "example",
        describe(ref),
        ref.card.architecture,
        Given((), MNIST, None, on_draw=lambda told: None),
        scale="map",
        folds=True,
        place="",
        on_place=lambda told: None,
        height="500px",
    )


def travel_board() -> None:
    """Four moments of a run with three classes: untrained, after a batch, after two epochs."""
    import numpy as np

    from pages.train.travel.travel_board import Curves, Tiles, Trip, travel_board

    def curves(*at: float) -> Curves:
        places = np.array(at)
        return Curves(places, places / 30, 2 - places / 30)

    grow = np.arange(1, 5, dtype=np.float32).reshape(4, 1, 1, 1)
    trip = Trip(
        identity="a run",
        places=[(0, 0), (0, 1), (1, 0), (2, 0)],
        at=[0, 1, 10, 20],
        first=2,
        words=["untrained", "after 1 batch of epoch 1", "after epoch 1", "after epoch 2"],
        readouts=["33 % right", "40 % right", "60 % right", "90 % right"],
        answers=["cat, 34 %", "dog, 40 %", "dog, 60 %", "ship, 80 %"],
        classes=("cat", "dog", "ship"),
        image=np.arange(64, dtype=np.uint8).reshape(8, 8, 1),
        matrices=np.arange(36).reshape(4, 3, 3),
        kernels=Tiles("Weights of conv1", grow * np.linspace(-1, 1, 45, dtype=np.float32).reshape(5, 3, 3)),
        maps=Tiles("conv1 answers", grow * np.linspace(-1, 2, 180, dtype=np.float32).reshape(5, 6, 6)),
        training=curves(1, 4, 10, 20),
        validation=curves(10, 20),
        tested=curves(0, 1, 10, 20),
        tested_words="100 test images",
    )
    travel_board(trip, key="example", at=1, opened=1, together=True, on_moment=lambda epoch, step: None)


def slider() -> None:
    """One of eleven numbers, of which the link may say another."""
    from pages.ui.components.slider import slider, steps

    slider("Drop rate", steps(0.0, 1.0, 0.1), 0.5, key="example", help="Of the features.")


EXAMPLES: dict[str, Callable[[], None]] = {
    example.__name__: example
    for example in (
        kernel_player,
        tiles,
        pad,
        mosaic,
        matrix,
        layer_strip,
        confusion_board,
        reader,
        network_map,
        travel_board,
        slider,
    )
}
