"""Torch on one core, and for one who trains at a time: what is computed while a page waits."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

# Torch has one generator of random numbers for the whole process, and two trainings would each take twice as long.
TURN = threading.Lock()


@contextmanager
def one_core() -> Iterator[None]:
    """Torch on one core for a while, in this thread: small sums are done before other cores have begun."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
