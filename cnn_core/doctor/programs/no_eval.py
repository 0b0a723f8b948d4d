"""The network is asked in training mode."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="no-eval",
    title="Forgotten eval()",
    aim="Train with dropout and batch norm, then read the test images, one class after the other.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

torch.manual_seed(0)
digits = datasets.load("digits")
x = torch.tensor(digits.x_train).permute(0, 3, 1, 2) / 255
y = torch.tensor(digits.y_train).long()
order = torch.tensor(digits.y_test).argsort()  # sorted by class, as folders of pictures are
x_test = (torch.tensor(digits.x_test).permute(0, 3, 1, 2) / 255)[order]
model = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2),
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Dropout(0.5),
    nn.Linear(288, 10),
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for images, labels in 2 * list(zip(x.split(50), y.split(50))):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
{blank}
answers = torch.cat([model(part).argmax(1) for part in x_test.split(20)])
accuracy = float((answers == torch.tensor(digits.y_test)[order]).float().mean())
print(f"last loss {loss:.3f}, {accuracy:.1%} of {len(answers)} test images right")
""",
    blank=Lines(("pass", "torch.set_grad_enabled(False)", "model.requires_grad_(False)", "model.eval()")),
    broken="pass",
    right="model.eval()",
    beside=(10, 20, 22),
    cause=(
        "In training mode dropout still sets half of the features to 0, and batch norm normalizes by the mean"
        " of *this* batch: one of a single class looks like any other. `eval()` changes both. Switching "
        "gradients off saves memory and changes neither."
    ),
)
