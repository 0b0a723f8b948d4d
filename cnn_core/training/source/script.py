"""A whole training as a PyTorch file that runs as it is: data, network, loop and test score, by today's settings.

The split, the first weights and the order of the images are those of the app with the same seed; what else is drawn
while it trains (dropout, changes) is drawn otherwise, and it computes in float32 throughout. So its score is the app's
where nothing else is drawn and the app computes in float32, else that of the app with another seed.
"""

from cnn_core.data import catalog
from cnn_core.networks import codegen
from cnn_core.networks.architecture import Architecture
from cnn_core.training.batches import MOST_EPOCHS
from cnn_core.training.settings import TrainSettings
from cnn_core.training.source import steps
from cnn_core.training.source.changes import changed_source
from cnn_core.training.source.images import load_source

_SCALED = '''
def scaled(images):
    """uint8 in 0..255 as the network takes them: float32 in 0..1."""
    return images.float() / 255
'''
_SCORE = '''
@torch.no_grad()
def score(images, labels{parameter}):
    """Mean loss and share of right answers."""
    model.eval()
    logits = torch.cat([model({given}) for part in images.split(250)])
    return nn.functional.cross_entropy(logits, labels).item(), (logits.argmax(1) == labels).float().mean().item()
'''


def training_script(architecture: Architecture, settings: TrainSettings, *, module: bool = False) -> str:
    """The file's source: the network as `nn.Sequential`, or with `module` as a class; `python FILE` trains it.

    Importing it makes the untrained `model` alone. Raises `ArchitectureError` where the network has problems.
    """
    imports, network = (codegen.module_parts if module else codegen.sequential_parts)(architecture)
    definitions, made = network
    whole = settings.test_inputs == "bytes"
    score = _SCORE.format(
        parameter=", prepared=scaled" if whole else "",
        given="prepared(part)" if whole else "scaled(part)",
    )
    functions = [load_source(settings.dataset), _SCALED, changed_source(settings.augmentation)]
    functions += [steps.MUON] if settings.optimizer == "muon" else []
    functions += [score, _train(settings)]
    title = catalog.title(settings.dataset)
    lines = [
        f'"""Trains this network on {title} for {_epochs(settings)}, then tests it: python network.py"""',
        "",
        *(["import copy", *imports[:-2]] if _keeps_best(settings) else imports[:-2]),
        *imports[-2:],
        *definitions,
        "",
        f"torch.manual_seed({settings.seed})",
        *made,
        *steps.initialization(settings),
        *(line for one in functions if one for line in ("", "", one.strip("\n"))),
        "",
        "",
        'if __name__ == "__main__":',
        "    train()",
    ]
    return "\n".join(lines).replace("\n\n\n\n", "\n\n\n") + "\n"


def _epochs(settings: TrainSettings) -> str:
    return "1 epoch" if settings.epochs == 1 else f"{settings.epochs} epochs"


def _keeps_best(settings: TrainSettings) -> bool:
    return settings.validation_fraction > 0


_STRATIFIED = """\
    place = torch.empty(len(order), dtype=torch.float64)  # each class evenly from 0 to 1
    for label in y_train.unique():
        own = y_train[order] == label
        place[own] = (torch.arange(own.sum(), dtype=torch.float64) + 0.5) / own.sum()
    order = order[place.argsort(stable=True)]"""


def _split(settings: TrainSettings) -> list[str]:
    """Lines that share out the indices of the training images, in the app's own order."""
    fraction, limit = settings.validation_fraction, settings.train_limit
    some = "" if limit is None else f"[:{limit}]"
    lines = [
        f"    order = torch.randperm(len(x_train), generator=torch.Generator().manual_seed({settings.seed}))"
    ]
    if settings.stratified:
        lines.append(_STRATIFIED)
    if not fraction:
        return [*lines, f"    training = order{some}"]
    return [
        *lines,
        f"    held_out = round({fraction!r} * len(order))",
        f"    validation, training = order[:held_out], order[held_out:]{some}",
    ]


def _train(settings: TrainSettings) -> str:
    held = _keeps_best(settings)
    size, epochs = settings.batch_size, settings.epochs
    schedule = steps.schedule(settings)
    plateau = settings.schedule == "plateau"
    images = "scaled(x_train[batch])"
    images = f"changed({images})" if settings.augmentation.active else images
    answers = "model(images).softmax(1)" if settings.softmax_before_loss else "model(images)"
    smoothing = f", label_smoothing={settings.label_smoothing!r}" if settings.label_smoothing else ""
    lines = [
        "def train():",
        '    """Train `model`, and print its scores."""',
        '    device = "cuda" if torch.cuda.is_available() else "cpu"',
        "    model.to(device)",
        '    (x_train, y_train), (x_test, y_test) = load("train"), load("test")',
        *_split(settings),
        "    x_train, y_train = x_train.to(device), y_train.to(device)",
        f"    steps = max(1, -(-(len(training) - 1) // {size}))  # a last batch of one image is left out",
        f"    optimizer = {steps.optimizer(settings)}",
        *([f"    scheduler = {schedule}"] if schedule else []),
        *(["    best = None"] if held else []),
        f"    for epoch in range({epochs}):",
        "        model.train()",
        f"        generator = torch.Generator().manual_seed({_seed(settings)})  # the app's order",
        "        shuffled = training[torch.randperm(len(training), generator=generator)]",
        *(["        total = 0.0"] if not held else []),
        f"        for batch in shuffled.split({size})[:steps]:",
        f"            images = {images}",
        f"            loss = nn.functional.cross_entropy({answers}, y_train[batch]{smoothing})",
        "            optimizer.zero_grad()",
        "            loss.backward()",
    ]
    if settings.clip_norm:
        lines.append(f"            nn.utils.clip_grad_norm_(model.parameters(), {settings.clip_norm!r})")
    lines.append("            optimizer.step()")
    if schedule and not plateau:
        lines.append("            scheduler.step()")
    return "\n".join([*lines, *_after_epoch(settings, plateau), *_test(settings)])


def _seed(settings: TrainSettings) -> str:
    first = settings.seed * MOST_EPOCHS
    return f"{first} + epoch" if first else "epoch"


def _after_epoch(settings: TrainSettings, plateau: bool) -> list[str]:
    if not _keeps_best(settings):
        return [
            "            total += loss.item()",
            '        print(f"epoch {epoch + 1}: training loss {total / steps:.4f}")',
            *(["        scheduler.step(total / steps)"] if plateau else []),
        ]
    order = "(-loss, accuracy)" if settings.early_stopping == "loss" else "(accuracy, -loss)"
    watched = "-loss" if settings.early_stopping == "loss" else "accuracy"
    lines = [
        "        loss, accuracy = score(x_train[validation], y_train[validation])",
        '        print(f"epoch {epoch + 1}: validation loss {loss:.4f}, {accuracy:.2%} right")',
        *(["        scheduler.step(loss)"] if plateau else []),
        f"        if best is None or {order} >= best:  # the best weights are kept",
        f"            best, best_weights = {order}, copy.deepcopy(model.state_dict())",
    ]
    if settings.early_stopping == "off":
        return lines
    return [
        *lines,
        f"        if epoch == 0 or {watched} > best_watched:",
        f"            best_watched, best_epoch = {watched}, epoch",
        f"        if epoch - best_epoch >= {settings.patience}:",
        "            break",
    ]


def _test(settings: TrainSettings) -> list[str]:
    raw = ", torch.Tensor.float" if settings.test_inputs == "bytes" else ""
    return [
        *(["    model.load_state_dict(best_weights)"] if _keeps_best(settings) else []),
        f"    loss, accuracy = score(x_test.to(device), y_test.to(device){raw})",
        '    print(f"test: loss {loss:.4f}, {accuracy:.2%} right")',
        "    return accuracy",
    ]
