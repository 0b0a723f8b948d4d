"""Pictures as they lie on a disk, channels last, are given to a convolution."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="hwc",
    title="HWC fed as CHW",
    aim="Give 32 pictures, read from disk, to a network.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

digits = datasets.load("digits")
images = torch.tensor(digits.x_train[:32]).float() / 255
images = {blank}
labels = torch.tensor(digits.y_train[:32]).long()
model = nn.Sequential(
    nn.Conv2d(1, 8, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(5408, 10),
)
logits = model(images)
loss = nn.CrossEntropyLoss()(logits, labels)
print(f"loss {loss:.4f} of {len(images)} images")
""",
    blank=Lines(
        ("images", "images.unsqueeze(1)", "images.permute(0, 2, 3, 1)", "images.permute(0, 3, 1, 2)")
    ),
    broken="images",
    right="images.permute(0, 3, 1, 2)",
    beside=(8, 12, 13),
    cause=(
        "NumPy, PIL and matplotlib keep pictures as height × width × channels (HWC), PyTorch wants channels "
        "first (CHW). `permute(0, 3, 1, 2)` names the old axes in their new order; `unsqueeze` only adds "
        "another axis."
    ),
    error=(
        "Given groups=1, weight of size [8, 1, 3, 3], expected input[32, 28, 28, 1] to have 1 channels, but "
        "got 28 channels"
    ),
)
