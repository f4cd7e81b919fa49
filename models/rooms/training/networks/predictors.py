"""The predictors that score images, and the segmentation network. The generator never trains against them."""

import torch
from torch import Tensor, nn

from .scene_features import conv_block, double

TRUNK_WIDTHS = [16, 48, 96, 128, 192]
DECODER_WIDTHS = [64, 48, 24, 16]
HIDDEN = 256


class TrunkUser(nn.Module):
    """A network on the predictors' trunk, `stages`, which can be taken over trained and frozen."""

    stages: nn.ModuleList

    def freeze_trunk(self) -> None:
        """From now on only what stands on the trunk is trained."""
        self.stages.requires_grad_(False)

    def train(self, mode: bool = True):
        """A frozen trunk keeps its running statistics."""
        super().train(mode)
        if not next(self.stages.parameters()).requires_grad:
            self.stages.eval()
        return self

    def start_from(self, predictors: "PredictorNetwork") -> None:
        """Takes over the trained trunk and freezes it."""
        self.stages.load_state_dict(predictors.stages.state_dict())
        self.freeze_trunk()


class PredictorNetwork(TrunkUser):
    """image [B, 3, 64, 64] in [-1, 1] -> corner [B, 2], category [B, 4] and attributes [B, 10], all before
    activation.

    Column 0 of `corner` is the horizontal position of the corner (-1 left edge, 1 right edge), column 1 the
    logit of the probability that a corner is in view.
    """

    def __init__(self, attributes: int = 10, classes: int = 21):
        super().__init__()
        c = TRUNK_WIDTHS
        stages = [conv_block(3, c[0])]
        stages += [
            nn.Sequential(conv_block(c[i], c[i + 1], 2), conv_block(c[i + 1], c[i + 1])) for i in range(4)
        ]
        self.stages = nn.ModuleList(stages)
        self.hidden = nn.Linear(c[4] * 16, HIDDEN)
        self.corner = nn.Linear(HIDDEN, 2)
        self.category = nn.Linear(HIDDEN, 4)
        self.attributes = nn.Linear(HIDDEN + 3, attributes)
        # Only for training: which share of each 4 x 4 px cell belongs to which segmentation class.
        self.areas = nn.Conv2d(c[2] + c[3] + c[4], classes, 1)

    def start_from(self, predictors: "PredictorNetwork") -> None:
        """Takes over everything; only the heads go on learning."""
        self.load_state_dict(predictors.state_dict())
        self.freeze_trunk()

    def trunk(self, x: Tensor) -> list[Tensor]:
        """Maps at 64, 32, 16, 8 and 4 pixels with TRUNK_WIDTHS channels."""
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps

    def heads(self, x: Tensor, maps: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """The attributes also see the mean colour of the image, which the trunk learns to overlook."""
        h = torch.relu(self.hidden(maps[4].flatten(1)))
        return self.corner(h), self.category(h), self.attributes(torch.cat([h, x.mean((2, 3))], 1))

    def class_areas(self, maps: list[Tensor]) -> Tensor:
        """Logits [B, classes, 16, 16] of the class shares of each cell."""
        return self.areas(torch.cat([maps[2], double(maps[3]), double(double(maps[4]))], 1))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.heads(x, self.trunk(x))

    def pooled(self, x: Tensor) -> Tensor:
        """[B, 192]: the features of the Fréchet distance."""
        return self.trunk(x)[4].mean((2, 3))


class SegmentationNetwork(TrunkUser):
    """image [B, 3, 64, 64] in [-1, 1] -> logits [B, 21, 64, 64]: the predictors' trunk and a decoder of its
    own."""

    def __init__(self, classes: int = 21):
        super().__init__()
        c = TRUNK_WIDTHS
        self.stages = PredictorNetwork().stages
        widths = [c[4], *DECODER_WIDTHS]
        self.decoder = nn.ModuleList(conv_block(widths[i] + c[3 - i], widths[i + 1]) for i in range(4))
        self.segmentation = nn.Conv2d(widths[4], classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        maps = []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        for block, skip in zip(self.decoder, maps[3::-1]):
            x = block(torch.cat([double(x), skip], 1))
        return self.segmentation(x)
