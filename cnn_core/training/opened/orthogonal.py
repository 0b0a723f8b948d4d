"""The matrix that Muon steps along: one's nearest orthogonal one, nearly."""

import numpy as np
import torch

from cnn_core.arrays import Floats

COEFFICIENTS = (3.4445, -4.775, 2.0315)
STEPS, SMALLEST_NORM = 5, 1e-7


def orthogonal(matrix: Floats) -> Floats:
    """Five steps of Newton and Schulz on `matrix` (rows, ...), in its shape: singular values of 0.7 to 1.2 or so.

    X ← aX + (bA + cA²)X with A = XXᵀ, begun at the matrix over its length, in bfloat16 as torch's `Muon` has it (Jordan
    2024, https://kellerjordan.github.io/posts/muon/).
    """
    a, b, c = COEFFICIENTS
    x = torch.from_numpy(np.ascontiguousarray(matrix.reshape(len(matrix), -1))).bfloat16()
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    x = x / x.norm().clamp(min=SMALLEST_NORM)
    for _ in range(STEPS):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    turned: Floats = (x.T if tall else x).float().numpy().reshape(matrix.shape)
    return turned
