"""The network ends in a softmax, and the loss applies another."""

from cnn_core.doctor.programs.base import Lines, Program

PROGRAM = Program(
    name="softmax",
    title="Softmax before the loss",
    aim="Train a small network on the built-in digits.",
    text="""import torch
from torch import nn
from cnn_core.data import datasets

torch.manual_seed(0)
digits = datasets.load("digits")
x = torch.tensor(digits.x_train).permute(0, 3, 1, 2) / 255
y = torch.tensor(digits.y_train).long()
x_test = torch.tensor(digits.x_test).permute(0, 3, 1, 2) / 255
model = nn.Sequential(
    nn.Conv2d(1, 8, 5, stride=2),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(288, 10),
    {blank},
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for images, labels in 2 * list(zip(x.split(50), y.split(50))):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
answers = model(x_test).argmax(1).numpy()
accuracy = float((answers == digits.y_test).mean())
print(f"last loss {loss:.3f}, {accuracy:.1%} of {len(answers)} test images right")
""",
    blank=Lines(("nn.Softmax(dim=1)", "nn.Softmax(dim=0)", "nn.ReLU()", "nn.Identity()")),
    broken="nn.Softmax(dim=1)",
    right="nn.Identity()",
    beside=(9, 15, 20),
    cause=(
        "`cross_entropy` takes logits and applies softmax itself. Of probabilities, which lie between 0 and "
        "1, it makes nearly equal ones again: for ten classes its loss cannot fall below 1.46, and the "
        "gradient dies where the network is surely wrong."
    ),
)
