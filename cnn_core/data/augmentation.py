"""Random changes to training images, drawn anew every time an image is shown to the network.

One implementation for the page's preview, the shipped study and every training. Torch is imported when images are
changed.
"""

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from cnn_core import ranges
from cnn_core.arrays import Floats, not_allowed
from cnn_core.ranges import setting

if TYPE_CHECKING:
    from torch import Generator, Tensor


@dataclass(frozen=True)
class Augmentation:
    """How far each change may go; 0 or False switches it off. The order below is the order of application.

    Shift, rotate and zoom are one resampling about the centre. Raises `ValueError` where a value is out of range.
    """

    shift: int = setting(
        0,
        label="Shift, px",
        low=0,
        high=8,
        step=1,
        tried=(0, 1, 2, 4),
        help="Pixels up, down, left and right, as if padded with black and cropped.",
    )
    rotate: float = setting(
        0.0,
        label="Rotate, °",
        low=0.0,
        high=180.0,
        step=5.0,
        tried=(0.0, 5.0, 10.0, 20.0),
        help="Degrees each way.",
    )
    zoom: float = setting(
        0.0,
        label="Zoom",
        low=0.0,
        high=0.5,
        step=0.05,
        tried=(0.0, 0.05, 0.1, 0.2),
        help="Share of the size each way: 0.1 is 0.9 to 1.1 times.",
    )
    flip: bool = setting(False, label="Flip", help="Left to right, with probability one half.")
    brightness: float = setting(
        0.0,
        label="Brightness",
        low=0.0,
        high=1.0,
        step=0.05,
        help="Share of each value, each way.",
        tried=(0.0, 0.1, 0.2, 0.4),
    )
    noise: float = setting(
        0.0,
        label="Noise",
        low=0.0,
        high=0.5,
        step=0.02,
        tried=(0.0, 0.05, 0.1, 0.2),
        help="Standard deviation of what is added to each value.",
    )
    cutout: int = setting(
        0,
        label="Cutout, px",
        low=0,
        high=14,
        step=1,
        help="Side of a square that is set to 0 (black).",
        tried=(0, 4, 8, 12),
    )

    def __post_init__(self) -> None:
        if wrong := ranges.problem(self):
            raise ValueError(wrong)

    @property
    def active(self) -> bool:
        """Whether anything is changed at all."""
        return any(astuple(self))


def augment(images: "Tensor", settings: Augmentation, generator: "Generator") -> "Tensor":
    """New images, each changed on its own by what `generator` draws; the input stays as it is.

    `images` `(N, C, H, W)` float32 in 0..1 on the generator's device; returns the same shape in 0..1. What moves in
    from outside is 0 (black). Raises `ValueError` for another number of dimensions.
    """
    import torch

    if images.ndim != 4:
        raise ValueError(not_allowed("images", f"of shape {tuple(images.shape)}", "(N, C, H, W)"))
    count, device = len(images), images.device
    if settings.shift or settings.rotate or settings.zoom:
        images = _move(images, settings, generator)
    if settings.flip:
        flipped = torch.rand((count, 1, 1, 1), generator=generator, device=device) < 0.5
        images = torch.where(flipped, images.flip(3), images)
    if settings.brightness:
        images = images * (1 + _uniform(settings.brightness, count, generator))
    if settings.noise:
        noise = torch.randn(images.shape, generator=generator, device=device)
        images = images + settings.noise * noise
    if settings.cutout:
        images = _cut(images, settings.cutout, generator)
    return images.clamp(0, 1)


def augment_arrays(images: Floats, settings: Augmentation, seed: int) -> Floats:
    """`augment` for arrays `(N, C, H, W)`; the same `seed` draws the same changes."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    changed: Floats = augment(torch.from_numpy(images), settings, generator).numpy()
    return changed


def _uniform(reach: float, count: int, generator: "Generator") -> "Tensor":
    """One number in -reach..reach for each of `count` images, (N, 1, 1, 1)."""
    import torch

    drawn = torch.rand((count, 1, 1, 1), generator=generator, device=generator.device)
    return (2 * drawn - 1) * reach


def _move(images: "Tensor", settings: Augmentation, generator: "Generator") -> "Tensor":
    """Shift, rotate and zoom about the centre in one resampling, so that it blurs only once."""
    import torch

    count, _, height, width = images.shape
    limits, device = (-settings.shift, settings.shift + 1), images.device
    down, right = torch.randint(*limits, (2, count, 1, 1), generator=generator, device=device)
    angle = torch.deg2rad(_uniform(settings.rotate, count, generator)[:, 0])
    size = 1 + _uniform(settings.zoom, count, generator)[:, 0]
    # Each output pixel asks where it came from: the moves undone in reverse order. (N, H, W)
    rows = torch.arange(height, device=device)[:, None] - (height - 1) / 2 - down
    columns = torch.arange(width, device=device)[None, :] - (width - 1) / 2 - right
    from_row = (rows * angle.cos() + columns * angle.sin()) / size + (height - 1) / 2
    from_column = (columns * angle.cos() - rows * angle.sin()) / size + (width - 1) / 2
    return _sample(images, from_row, from_column)


def _sample(images: "Tensor", rows: "Tensor", columns: "Tensor") -> "Tensor":
    """Bilinear values of `images` `(N, C, H, W)` at `(N, H, W)` positions; 0 outside."""
    import torch

    height, width = images.shape[2:]
    # grid_sample counts from -1 to 1, from the outer edge of the first pixel to that of the last, columns first.
    grid = torch.stack([(2 * columns + 1) / width - 1, (2 * rows + 1) / height - 1], dim=-1)
    return torch.nn.functional.grid_sample(images, grid, padding_mode="zeros", align_corners=False)


def _cut(images: "Tensor", side: int, generator: "Generator") -> "Tensor":
    """A square of `side` pixels about a random pixel is 0; at an edge, as much of it as lies inside."""
    import torch

    count, _, height, width = images.shape

    def within(extent: int) -> "Tensor":
        """Which rows, or columns, of each image the square covers, (N, extent)."""
        centre = torch.randint(extent, (count, 1), generator=generator, device=images.device)
        first = centre - side // 2
        places = torch.arange(extent, device=images.device)
        return (places >= first) & (places < first + side)

    covered = within(height)[:, :, None] & within(width)[:, None, :]
    return images.masked_fill(covered[:, None], 0)
