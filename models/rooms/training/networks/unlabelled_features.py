"""The scene network's stages trained without any label: to fill in masked patches, to reconstruct from the
coarsest map, and to tell crops of one room from crops of others (Chen et al. 2020).

A generator that is trained against these features owes them nothing about corners, categories or attributes.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .scene_features import WIDTHS, conv_block, double, scene_stages

EMBEDDING = 128


class UnlabelledSceneNetwork(nn.Module):
    """Has the `stages` of a `SceneNetwork`, under the same names; all else serves the training only."""

    def __init__(self):
        super().__init__()
        c = WIDTHS
        self.stages = scene_stages()
        widths = [192, 96, 64, 48, 32]
        self.decoder = nn.ModuleList(conv_block(widths[i] + c[3 - i], widths[i + 1]) for i in range(4))
        self.filling = nn.Conv2d(32, 3, 1)
        self.reconstruction = nn.Sequential(
            conv_block(c[4], 96),
            nn.Upsample(scale_factor=2),
            conv_block(96, 64),
            nn.Upsample(scale_factor=2),
            conv_block(64, 48),
            nn.Conv2d(48, 3, 3, 1, 1),
        )
        self.embedding = nn.Sequential(
            nn.Linear(c[4] * 4, 256), nn.ReLU(inplace=True), nn.Linear(256, EMBEDDING)
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
