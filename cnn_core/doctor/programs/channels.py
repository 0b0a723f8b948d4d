"""A convolution expects another number of channels than the one before it gives."""

from cnn_core.doctor.programs.base import Program, Whole

PROGRAM = Program(
    name="channels",
    title="Channels that don't match",
    aim="One forward pass of 32 digits through two convolutions.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

digits = datasets.load("digits")
images = torch.tensor(digits.x_train[:32]).permute(0, 3, 1, 2) / 255
labels = torch.tensor(digits.y_train[:32]).long()
model = nn.Sequential(
    nn.Conv2d(1, 8, 3),
    nn.ReLU(),
    nn.Conv2d({blank}, 16, 3),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(9216, 10),
)
logits = model(images)
loss = nn.CrossEntropyLoss()(logits, labels)
print(f"loss {loss:.4f} of {len(images)} images")
""",
    blank=Whole("in_channels", 1, 64),
    broken="16",
    right="8",
    beside=(10, 14, 16),
    cause=(
        "`in_channels` is not free: it is the number of maps that come, the `out_channels` of the convolution"
        " before. The weight's shape in the error reads [filters, in_channels, height, width]."
    ),
    error="Given groups=1, weight of size [16, 16, 3, 3], expected input[32, 8, 26, 26] to have 16 channels",
)
