"""The scene network's stages trained without any label: to fill in masked patches, to reconstruct from the
coarsest map, and to tell crops of one room from crops of others (Chen et al. 2020).

A generator that is trained against these features owes them nothing about corners, categories or attributes.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .scene_features import WIDTHS, decoder_blocks, double, reconstruction, scene_stages

EMBEDDING = 128


class UnlabelledSceneNetwork(nn.Module):
    """Has the `stages` of a `SceneNetwork`, under the same names; all else serves the training only."""

    def __init__(self):
        super().__init__()
        self.stages = scene_stages()
        self.decoder = decoder_blocks()
        self.filling = nn.Conv2d(32, 3, 1)
        self.reconstruction = reconstruction([WIDTHS[4], 96, 64, 48])
        self.embedding = nn.Sequential(
            nn.Linear(WIDTHS[4] * 4, 256), nn.ReLU(inplace=True), nn.Linear(256, EMBEDDING)
        )

    def _maps(self, x: Tensor) -> list[Tensor]:
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    def fill(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, 3, 64, 64] with patches masked -> the whole image [B, 3, 64, 64], and the image at a quarter
        of its size [B, 3, 16, 16] out of the coarsest map alone."""
        maps = self._maps(x)
        y = maps[4]
        for block, skip in zip(self.decoder, maps[3::-1]):
            y = block(torch.cat([double(y), skip], 1))
        return self.filling(y), self.reconstruction(maps[4])

    def embed(self, x: Tensor) -> Tensor:
        """x [B, 3, 64, 64] -> [B, 128] of length 1; where things stand survives as 2 x 2 averages."""
        pooled = F.adaptive_avg_pool2d(self._maps(x)[4], 2).flatten(1)
        return F.normalize(self.embedding(pooled).float(), dim=1)
