"""A Linear gets maps instead of a vector."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="no-flatten",
    title="Missing Flatten",
    aim="One forward pass from maps to logits.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

digits = datasets.load("digits")
images = torch.tensor(digits.x_train[:32]).permute(0, 3, 1, 2) / 255
labels = torch.tensor(digits.y_train[:32]).long()
model = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    {blank},
    nn.Linear(1568, 10),
)
logits = model(images)
loss = nn.CrossEntropyLoss()(logits, labels)
print(f"loss {loss:.4f} of {len(images)} images")
""",
    blank=Lines(("nn.Identity()", "nn.Flatten(0)", "nn.Flatten()", "nn.Flatten(2)")),
    broken="nn.Identity()",
    right="nn.Flatten()",
    beside=(10, 13, 15),
    cause=(
        "`nn.Linear` works on the last axis and takes all others for a batch: of 32×8×14×14 it sees 3,584 "
        "rows of 14. `Flatten()` keeps axis 0, the batch, and makes one of the rest; `Flatten(0)` would mix "
        "the images too."
    ),
    error="mat1 and mat2 shapes cannot be multiplied (3584x14 and 1568x10)",
)
