"""Pooling: one number in the place of each window."""

from cnn_core.operations import downsampling, pooling, shifts
from pages.operations.pooling import laboratory
from pages.operations.pooling.keys import Key
from pages.ui.page import header, source
from pages.ui.window.player import HEIGHT

header(
    "Pooling",
    "Pooling puts one number in the place of each window, the largest or the mean. It has no weights: it learns"
    " nothing.",
    reserve={Key.PLAYER: HEIGHT},
)
laboratory.show()
source(pooling.max_pool2d, pooling.avg_pool2d, downsampling.downsample, shifts.shift_effect)
