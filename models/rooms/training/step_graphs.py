"""Replays a training step on CUDA as one graph: at 64 px a step is over a thousand small kernels, whose
launches take longer than they do."""

from collections.abc import Callable

import torch
from torch import Tensor

WARM_UP = 3  # eager steps before the capture: algorithms are chosen and the optimisers make their state


class GraphedStep:
    """A step without arguments, called again and again: eager at first, captured once, replayed from then on.

    The step must neither wait for the device nor depend on numbers that change in Python; what changes goes
    through tensors. Its results are overwritten by the next call.
    """

    def __init__(self, step: Callable[[], dict[str, Tensor]]):
        self._step = step
        self._calls = 0
        self._graph: torch.cuda.CUDAGraph | None = None
        self._results: dict[str, Tensor] = {}

    def __call__(self) -> dict[str, Tensor]:
        self._calls += 1
        if self._calls <= WARM_UP:
            return self._beside()
        if self._graph is None:
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph):
                self._results = self._step()
        self._graph.replay()
        return self._results

    def _beside(self) -> dict[str, Tensor]:
        """An eager step on a stream of its own, as what is captured later needs it."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            results = self._step()
        torch.cuda.current_stream().wait_stream(stream)
        return results
