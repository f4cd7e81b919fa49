"""The Fréchet distance between two sets of images, on the predictors' trunk (a network no generator trained
against)."""

import numpy as np
import torch
from scipy import linalg

from networks.predictors import PredictorNetwork
from rooms_data import to_tensor

BATCH = 250


@torch.no_grad()
def features(network: PredictorNetwork, images: np.ndarray) -> np.ndarray:
    """images [N, R, R, 3] uint8 -> the trunk's pooled features [N, 192]."""
    device = next(network.parameters()).device
    parts = [
        network.pooled(to_tensor(images[start : start + BATCH]).to(device)).cpu()
        for start in range(0, len(images), BATCH)
    ]
    return torch.cat(parts).float().double().numpy()


def frechet_distance(one: np.ndarray, other: np.ndarray) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of two sets of features [N, D]."""
    difference = one.mean(0) - other.mean(0)
    first, second = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    root = linalg.sqrtm(first @ second)
    return float(difference @ difference + np.trace(first + second - 2 * np.real(root)))
