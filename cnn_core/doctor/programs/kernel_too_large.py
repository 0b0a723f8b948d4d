"""After three poolings the map is smaller than the kernel."""

from cnn_core.doctor.programs.base import Program, Whole

PROGRAM = Program(
    name="kernel",
    title="Kernel larger than its input",
    aim="One forward pass through three poolings and a last convolution.",
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
    nn.MaxPool2d(2),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, {blank}),
    nn.AdaptiveAvgPool2d(1),
    nn.Flatten(),
    nn.Linear(16, 10),
)
logits = model(images)
loss = nn.CrossEntropyLoss()(logits, labels)
print(f"loss {loss:.4f} of {len(images)} images")
""",
    blank=Whole("kernel_size", 1, 9),
    broken="5",
    right="3",
    beside=(10, 17, 19),
    cause=(
        "Each pooling halves the map and drops a remainder: 28 → 14 → 7 → 3. A kernel has to fit into its "
        "padded input at least once; deep in a network little is left."
    ),
    error=(
        "Calculated padded input size per channel: (3 x 3). Kernel size: (5 x 5). Kernel size can't be "
        "greater than actual input size"
    ),
)
