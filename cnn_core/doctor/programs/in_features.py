"""The first Linear expects another number of features than Flatten gives."""

from cnn_core.doctor.programs.base import Program, Whole

PROGRAM = Program(
    name="in-features",
    title="Wrong in_features after Flatten",
    aim="One forward pass of 32 digits, and their loss.",
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
    nn.Flatten(),
    nn.Linear({blank}, 10),
)
logits = model(images)
loss = nn.CrossEntropyLoss()(logits, labels)
print(f"loss {loss:.4f} of {len(images)} images")
""",
    blank=Whole("in_features", 1, 9999),
    broken="6272",
    right="1568",
    beside=(7, 10, 15),
    cause=(
        "Flatten gives channels × height × width values an image: 8×14×14 after the pooling, not the 8×28×28 "
        "before it. `mat1` is your batch, images × features; `mat2` is the weight, `in_features` × 10: the "
        "two numbers in the middle must be the same."
    ),
    error="mat1 and mat2 shapes cannot be multiplied (32x1568 and 6272x10)",
)
