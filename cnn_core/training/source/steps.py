"""Source of the optimizer, the schedule and the first weights."""

from cnn_core.networks.layers.source import call
from cnn_core.training.schedules import BETA_SWING
from cnn_core.training.settings import TrainSettings

MUON = '''
class Muon(torch.optim.Optimizer):
    """Muon moves the kernels and matrices between the first and the last, as matrices; AdamW all the rest."""

    def __init__(self, parameters, lr, momentum, betas, eps, weight_decay):
        parameters = list(parameters)
        super().__init__(parameters, {"lr": lr})
        self.hidden = [p for p in parameters if p.ndim > 1][1:-1]
        self.matrices = [nn.Parameter(p.detach().flatten(1)) for p in self.hidden]  # the same memory
        rest = [p for p in parameters if not any(p is one for one in self.hidden)]
        self.parts = [torch.optim.AdamW(rest, lr, betas, eps, weight_decay)]
        if self.matrices:
            muon = torch.optim.Muon(
                self.matrices, lr, weight_decay, momentum, adjust_lr_fn="match_rms_adamw"
            )
            self.parts.append(muon)
        self.param_groups = [group for part in self.parts for group in part.param_groups]

    def step(self, closure=None):
        for parameter, matrix in zip(self.hidden, self.matrices):
            matrix.grad = parameter.grad.flatten(1)
        for part in self.parts:
            part.step()
'''

_FIRST = {
    "kaiming": 'nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")',
    "xavier": "nn.init.xavier_uniform_(layer.weight)",
    "zeros": "nn.init.zeros_(layer.weight)",
}


def initialization(settings: TrainSettings) -> list[str]:
    """Lines that give the model other first weights than torch's; none where those are wanted."""
    if settings.initialization == "default":
        return []
    return [
        "for layer in model.modules():  # the first weights",
        '    if isinstance(getattr(layer, "weight", None), torch.Tensor) and layer.weight.ndim > 1:',
        f"        {_FIRST[settings.initialization]}",
        "        if layer.bias is not None:",
        "            nn.init.zeros_(layer.bias)",
    ]


def optimizer(settings: TrainSettings) -> str:
    """The expression that makes the optimizer of `model.parameters()`."""
    rate, decay = settings.learning_rate, settings.weight_decay
    betas = ((settings.beta1, settings.beta2), (0.9, 0.999))
    made: dict[str, tuple[object, object]] = {"lr": (rate, None)}
    match settings.optimizer:
        case "sgd":
            made |= {
                "momentum": (settings.momentum, 0),
                "nesterov": (settings.nesterov and settings.momentum > 0, False),
                "weight_decay": (decay, 0),
            }
            return _call("torch.optim.SGD", made)
        case "rmsprop":
            made |= {
                "alpha": (settings.alpha, 0.99),
                "eps": (settings.eps, 1e-8),
                "weight_decay": (decay, 0),
            }
            return _call("torch.optim.RMSprop", made)
        case "muon":
            made |= {
                "momentum": (settings.momentum, None),
                "betas": (betas[0], None),
                "eps": (settings.eps, None),
            }
            return _call("Muon", made | {"weight_decay": (decay, None)})
    made |= {"betas": betas, "eps": (settings.eps, 1e-8)}
    if settings.optimizer == "adamw":
        return _call("torch.optim.AdamW", made | {"weight_decay": (decay, 0.01)})
    return _call("torch.optim.Adam", made | {"weight_decay": (decay, 0)})


def _call(name: str, made: dict[str, tuple[object, object]]) -> str:
    return call(name, **made).replace("(", "(model.parameters(), ", 1)


def schedule(settings: TrainSettings) -> str:
    """The expression that makes the schedule of `optimizer`, for epochs of `steps`; "" where the rate is constant."""
    name = "torch.optim.lr_scheduler"
    rate, epochs = settings.learning_rate, settings.epochs
    match settings.schedule:
        case "onecycle":
            given = [f"max_lr={rate!r}", f"total_steps=max(2, {epochs} * steps)"]
            if settings.warmup_share != 0.3:
                given.append(f"pct_start={settings.warmup_share!r}")
            if settings.optimizer in ("adam", "adamw"):
                low = max(0.0, round(settings.beta1 - BETA_SWING, 9))
                high = min(0.999, round(settings.beta1 + BETA_SWING, 9))
                if (low, high) != (0.85, 0.95):
                    given.append(f"base_momentum={low!r}, max_momentum={high!r}")
            else:
                given.append("cycle_momentum=False")
            return f"{name}.OneCycleLR(optimizer, {', '.join(given)})"
        case "step":
            return (
                f"{name}.StepLR(optimizer, {settings.decay_epochs} * steps, gamma={settings.decay_factor!r})"
            )
        case "cosine":
            least = settings.final_share * rate
            return f"{name}.CosineAnnealingLR(optimizer, {epochs} * steps, eta_min={least!r})"
        case "plateau":
            given_ = f"factor={settings.decay_factor!r}, patience={settings.plateau_patience}"
            return f"{name}.ReduceLROnPlateau(optimizer, {given_})"
    return ""
