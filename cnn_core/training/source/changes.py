"""Source of the random changes to training images, of those that are asked for."""

from cnn_core.data.augmentation import Augmentation

_MOVE = """    # {names}: one resampling about the centre
    height, width = images.shape[2:]
    {angle}
    {size}
    {down}
    sine, cosine = angle.sin() / size, angle.cos() / size
    moves = torch.stack(
        [
            torch.stack([cosine, -sine * height / width, (sine * down - cosine * right) * 2 / width], 1),
            torch.stack([sine * width / height, cosine, (-cosine * down - sine * right) * 2 / height], 1),
        ],
        1,
    )
    grid = nn.functional.affine_grid(moves, list(images.shape), align_corners=False)
    images = nn.functional.grid_sample(images, grid, align_corners=False)"""

_FLIP = """    flipped = torch.rand(count, 1, 1, 1, device=images.device) < 0.5
    images = torch.where(flipped, images.flip(3), images)"""

_CUTOUT = """    rows, columns = (  # a square of {cutout} pixels about a random one
        (torch.arange(side, device=images.device) - torch.randint(side, (count, 1), device=images.device) + {half})
        for side in images.shape[2:]
    )
    rows, columns = (rows >= 0) & (rows < {cutout}), (columns >= 0) & (columns < {cutout})
    images = images.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0)"""


def changed_source(wanted: Augmentation) -> str:
    """`changed(images)`, images (N, C, H, W) float32 in 0..1 before and after; "" where nothing is changed."""
    if not wanted.active:
        return ""
    parts = []
    if wanted.shift or wanted.rotate or wanted.zoom:
        parts.append(_move(wanted))
    if wanted.flip:
        parts.append(_FLIP)
    if wanted.brightness:
        parts.append(f"    images = images * (1 + {_drawn(wanted.brightness, 'count, 1, 1, 1')})")
    if wanted.noise:
        parts.append(f"    images = images + {wanted.noise} * torch.randn_like(images)")
    if wanted.cutout:
        parts.append(_CUTOUT.format(cutout=wanted.cutout, half=wanted.cutout // 2))
    head = ["def changed(images):", '    """Each image changed by chance, anew whenever it is shown."""']
    return "\n".join([*head, "    count = len(images)", *parts, "    return images.clamp(0, 1)"])


def _move(wanted: Augmentation) -> str:
    names = [name for name in ("shift", "rotate", "zoom") if getattr(wanted, name)]
    zeros = "torch.zeros(count, device=images.device)"
    angle = (
        f"angle = torch.deg2rad({_drawn(wanted.rotate, 'count')})" if wanted.rotate else f"angle = {zeros}"
    )
    size = f"size = 1 + {_drawn(wanted.zoom, 'count')}" if wanted.zoom else "size = 1"
    low, high = -wanted.shift, wanted.shift + 1
    down = (
        f"down, right = torch.randint({low}, {high}, (2, count), device=images.device)"
        if wanted.shift
        else "down = right = 0"
    )
    return _MOVE.format(names=", ".join(names).capitalize(), angle=angle, size=size, down=down)


def _drawn(reach: float, shape: str) -> str:
    """Numbers evenly from -reach to reach."""
    return f"{reach} * (2 * torch.rand({shape}, device=images.device) - 1)"
