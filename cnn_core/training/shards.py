"""A batch shared out to threads, each computing its part alone.

The other way, every operation spread over all cores, has every core wait for the slowest some sixty times a step: a
single busy neighbour (a browser, another container) then costs far more than its share of the machine. Parts meet once.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import torch
from torch import Tensor

from cnn_core import machine

MOST = 4  # more parts than that cost more in Python than they win
SMALLEST = 8  # images; smaller parts cost more in Python than a second core wins

Part = TypeVar("Part")
Result = TypeVar("Result")


class Shards:
    """Threads which share the CPU cores that torch may use; with `enabled` false, the calling thread has them all.

    The calling thread only waits for the others: the memory that glibc gives it is slower to work in than theirs.
    """

    def __init__(self, enabled: bool) -> None:
        # A container sees cores that it gets no time on.
        threads = min(torch.get_num_threads(), machine.cores())
        self.count = min(threads, MOST) if enabled else 1
        self._each = threads // self.count
        self._pool = ThreadPoolExecutor(self.count, "shard", torch.set_num_threads, initargs=(self._each,))

    @contextmanager
    def sharing(self) -> Iterator[None]:
        """Within, torch's operations in the calling thread use its share of the cores; `map` belongs in it."""
        before = torch.get_num_threads()
        torch.set_num_threads(self._each)
        try:
            yield
        finally:
            torch.set_num_threads(before)

    def split(self, indices: Tensor) -> tuple[Tensor, ...]:
        """`indices` (N,) in as many parts of nearly equal size as are worth a thread of their own."""
        return torch.tensor_split(indices, max(1, min(self.count, len(indices) // SMALLEST)))

    def map(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """`work` on each part, at the same time, with the results in the parts' order; raises what `work` raises."""
        return [work(part) for part in parts] if self.count == 1 else list(self._pool.map(work, parts))
