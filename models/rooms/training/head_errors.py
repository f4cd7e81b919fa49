"""What the predictors get wrong on held-out renders (a seed that was never trained on); the manifest carries
it."""

import numpy as np
import torch
from torch import Tensor, nn

from labels import CATEGORIES, CLASSES
from rooms_data import Rooms, to_tensor

BATCH = 250


@torch.no_grad()
def _run(network: nn.Module, rooms: Rooms) -> list[Tensor]:
    """The network's outputs for all rooms, each joined over the batches."""
    device = next(network.parameters()).device
    batches = []
    for start in range(0, len(rooms), BATCH):
        outputs = network(to_tensor(rooms.images[start : start + BATCH]).to(device))
        batches.append([output.cpu() for output in (outputs if isinstance(outputs, tuple) else (outputs,))])
    return [torch.cat(parts) for parts in zip(*batches)]


def _mae_r2(score: np.ndarray, truth: np.ndarray) -> tuple[list[float], list[float]]:
    """Mean absolute error and R^2 of each column of [N, C]."""
    error = score - truth
    r2 = 1 - (error**2).mean(0) / truth.var(0)
    return _rounded(np.abs(error).mean(0)), _rounded(r2)


def _rounded(values) -> list[float]:
    return [round(float(value), 4) for value in values]


def predictor_errors(network: nn.Module, rooms: Rooms) -> dict[str, dict]:
    """Errors by head.

    Corner: of the position, where a corner is in view; beside it how often the confidence is right. Category:
    accuracy of "this label or another", with the base rate (the share of the more frequent answer) beside it.
    """
    corner, category, attributes = (output.numpy() for output in _run(network, rooms))
    visible = ~np.isnan(rooms.corner)
    mae, r2 = _mae_r2(corner[visible, :1], rooms.corner[visible, None])
    seen = float(((corner[:, 1] > 0) == visible).mean())
    said = category.argmax(1)
    is_label = [rooms.category == c for c in range(len(CATEGORIES))]
    accuracy = [((said == c) == is_label[c]).mean() for c in range(len(CATEGORIES))]
    base = [max(truth.mean(), 1 - truth.mean()) for truth in is_label]
    attribute_mae, attribute_r2 = _mae_r2(1 / (1 + np.exp(-attributes)), rooms.attributes)
    return {
        "corner": {
            "mae": mae,
            "r2": r2,
            "confidence": round(seen, 4),
            "base": round(float(visible.mean()), 4),
        },
        "category": {
            "accuracy": _rounded(accuracy),
            "base": _rounded(base),
            "overall": _overall(said, rooms),
        },
        "attributes": {"mae": attribute_mae, "r2": attribute_r2},
    }


def _overall(said: np.ndarray, rooms: Rooms) -> float:
    return round(float((said == rooms.category).mean()), 4)


def segmentation_errors(network: nn.Module, rooms: Rooms) -> dict[str, dict]:
    """Intersection over union of each class over all pixels, and the share of pixels that are right."""
    n = len(CLASSES)
    confusion = np.zeros((n, n), np.int64)
    for start in range(0, len(rooms), BATCH):
        part = rooms.part(start, start + BATCH)
        said = _run(network, part)[0].argmax(1).numpy()
        pairs = part.segmentation.astype(np.int64) * n + said
        confusion += np.bincount(pairs.ravel(), minlength=n * n).reshape(n, n)
    both = np.diag(confusion)
    union = confusion.sum(0) + confusion.sum(1) - both
    return {
        "segmentation": {
            "iou": _rounded(both / np.maximum(union, 1)),
            "pixels": round(float(both.sum() / confusion.sum()), 4),
        }
    }
