"""How often each segmentation class occurs in generated images against renders, overall and by place."""

import numpy as np
import torch

from labels import CLASSES
from networks.predictors import SegmentationNetwork
from rooms_data import to_tensor

BATCH = 250
CELLS = 8  # the grid is 8 x 8
FLAG = 3  # times too often or too rare
RARE = 0.01  # a class below this share of a cell's pixels, both generated and rendered, is not flagged


@torch.no_grad()
def class_shares(network: SegmentationNetwork, images: np.ndarray) -> np.ndarray:
    """images [N, R, R, 3] uint8 -> share of each class in each cell [classes, 8, 8], over all images."""
    device = next(network.parameters()).device
    classes, side = len(CLASSES), images.shape[1] // CELLS
    total = np.zeros((classes, CELLS, CELLS))
    for start in range(0, len(images), BATCH):
        said = network(to_tensor(images[start : start + BATCH]).to(device)).argmax(1).cpu().numpy()
        for c in range(classes):
            total[c] += (said == c).reshape(-1, CELLS, side, CELLS, side).sum((0, 2, 4))
    return total / (len(images) * side * side)


def compare(generated: np.ndarray, rendered: np.ndarray) -> dict:
    """Two results of `class_shares` -> overall shares and the flagged cells.

    A cell is flagged where a class covers more than 3 times, or less than a third of, the share that it
    covers in renders, and at least 1 % of the cell in one of the two.
    """
    overall = {
        name: [round(float(generated[c].mean()), 4), round(float(rendered[c].mean()), 4)]
        for c, name in enumerate(CLASSES)
    }
    ratio = (generated + 1e-6) / (rendered + 1e-6)
    common = np.maximum(generated, rendered) >= RARE
    above, below = (ratio > FLAG) & common, (ratio < 1 / FLAG) & common
    worst = [
        [
            CLASSES[c],
            int(row),
            int(column),
            round(float(generated[c, row, column]), 3),
            round(float(rendered[c, row, column]), 3),
        ]
        for c, row, column in sorted(np.argwhere(above), key=lambda at: -generated[tuple(at)])[:20]
    ]
    return {
        "overall": overall,
        "cells": int(common.sum()),
        "above": int(above.sum()),
        "below": int(below.sum()),
        "aboveByClass": {name: int(above[c].sum()) for c, name in enumerate(CLASSES) if above[c].any()},
        "belowByClass": {name: int(below[c].sum()) for c, name in enumerate(CLASSES) if below[c].any()},
        "mostAbove": worst,
    }
