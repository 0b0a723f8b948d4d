"""Muon for convolutional networks: torch's, which takes matrices only, and AdamW for all that is none."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from typing_extensions import override


class Muon(Optimizer):
    """Muon moves the hidden kernels and matrices, AdamW the first layer's, the last layer's, and biases and gains.

    So its author has it (https://kellerjordan.github.io/posts/muon/): a kernel (F, C, k, k) is the matrix (F, C·k·k),
    and input and output layers are a standard optimizer's. Steps are scaled by 0.2·√max(rows, columns), so that one
    learning rate fits both (Liu et al. 2025, https://arxiv.org/abs/2502.16982). Nesterov momentum, five steps of Newton
    and Schulz, as in torch. Deviation: which column is which pixel follows memory, which changes no update.

    `param_groups` are Muon's, then AdamW's, each only where it has parameters; matrices stand there as views.
    """

    def __init__(
        self,
        parameters: Sequence[nn.Parameter],
        lr: float,
        momentum: float,
        betas: tuple[float, float],
        eps: float,
        weight_decay: float,
    ) -> None:
        super().__init__(parameters, {"lr": lr})
        hidden = {id(p) for p in [p for p in parameters if p.ndim > 1][1:-1]}
        self._matrices = [(p, nn.Parameter(_flat(p.detach(), p))) for p in parameters if id(p) in hidden]
        rest = [p for p in parameters if id(p) not in hidden]
        self._parts: list[Optimizer] = []
        if self._matrices:
            matrices = [matrix for _, matrix in self._matrices]
            self._parts.append(
                torch.optim.Muon(
                    matrices,
                    lr=lr,
                    momentum=momentum,
                    weight_decay=weight_decay,
                    adjust_lr_fn="match_rms_adamw",
                )
            )
        if rest:
            self._parts.append(
                torch.optim.AdamW(rest, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay, fused=True)
            )
        self._take_groups()

    def _take_groups(self) -> None:
        # The very dictionaries of the two: whoever changes the learning rate here changes it there.
        self.param_groups = [group for part in self._parts for group in part.param_groups]

    @override
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """One step of both along the parameters' gradients; `closure` is not taken."""
        assert closure is None
        for parameter, matrix in self._matrices:
            matrix.grad = None if parameter.grad is None else _flat(parameter.grad, parameter)
        for part in self._parts:
            part.step()

    def of(self, parameter: nn.Parameter) -> tuple[bool, dict[str, Any], dict[str, Any]]:
        """Whether Muon moves this parameter, not AdamW; the settings of its group; and what is remembered of it."""
        moved = next((matrix for kernel, matrix in self._matrices if kernel is parameter), parameter)
        for part in self._parts:
            for group in part.param_groups:
                if any(one is moved for one in group["params"]):
                    return moved is not parameter, group, dict(part.state.get(moved, {}))
        raise KeyError("the parameter is not one of this optimizer's")

    @override
    def state_dict(self) -> dict[str, Any]:
        """What both remember, with parameters counted in the order of `param_groups`."""
        state: dict[int, Any] = {}
        groups: list[dict[str, Any]] = []
        for part in self._parts:
            own, first = part.state_dict(), sum(len(group["params"]) for group in groups)
            state |= {first + index: slots for index, slots in own["state"].items()}
            groups += [
                {**group, "params": [first + index for index in group["params"]]}
                for group in own["param_groups"]
            ]
        return {"state": state, "param_groups": groups}

    @override
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Give both back what `state_dict` told of them."""
        for part, group in zip(self._parts, state_dict["param_groups"], strict=True):
            own = {
                index: state_dict["state"][index] for index in group["params"] if index in state_dict["state"]
            }
            first = group["params"][0]
            part.load_state_dict(
                {
                    "state": {index - first: slots for index, slots in own.items()},
                    "param_groups": [{**group, "params": [index - first for index in group["params"]]}],
                }
            )
        self._take_groups()


def _flat(values: Tensor, like: Tensor) -> Tensor:
    """`values` of the shape of `like` as a matrix (rows, all else), in the order in which `like` lies in memory."""
    if like.ndim > 2 and not like.is_contiguous():
        values = values.permute(0, 2, 3, 1)  # channels last
    return values.reshape(len(values), -1)
