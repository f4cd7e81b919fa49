"""Losses of the networks that are trained on renders.

Each takes (network, x, recoloured, truth): x [B, 3, R, R] are the degraded images, `recoloured` [B] says
which of them have other colours than the room, `truth` are the rooms as rendered.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from augment import COLOUR_LABELS, crop, degrade, mask_patches
from labels import CLASSES
from networks.predictors import PredictorNetwork, SegmentationNetwork
from networks.scene_features import SceneNetwork
from networks.unlabelled_features import UnlabelledSceneNetwork
from rooms_data import Rooms, to_tensor

CELL = 4  # pixels; the side of the cells of the auxiliary class areas
TEMPERATURE = 0.2  # of the contrastive loss


def head_loss(
    corner: Tensor, category: Tensor, attributes: Tensor, recoloured: Tensor, truth: Rooms
) -> Tensor:
    """Corner, category and attributes. Colour labels do not count where the colours were changed."""
    device = corner.device
    position = torch.from_numpy(truth.corner).to(device)
    visible = ~position.isnan()
    miss = F.smooth_l1_loss(corner[:, 0], position.nan_to_num(), beta=0.1, reduction="none")
    loss = 3 * (miss * visible).mean()
    loss = loss + 0.3 * F.binary_cross_entropy_with_logits(corner[:, 1], visible.float())
    loss = loss + 0.5 * F.cross_entropy(category, torch.from_numpy(truth.category).to(device))
    target = torch.from_numpy(truth.attributes).to(device)
    counts = torch.ones_like(target)
    counts[:, COLOUR_LABELS] = (~recoloured).float()[:, None].to(device)
    each = F.binary_cross_entropy_with_logits(attributes, target, reduction="none")
    return loss + 2 * (each * counts).sum() / counts.sum()


def predictor_loss(network: PredictorNetwork, x: Tensor, recoloured: Tensor, truth: Rooms) -> Tensor:
    """The heads, and beside them the share of each class in every cell, which helps the attributes that are
    areas."""
    maps = network.trunk(x)
    loss = head_loss(*(output.float() for output in network.heads(x, maps)), recoloured, truth)
    areas = network.class_areas(maps).float()
    one_hot = F.one_hot(torch.from_numpy(truth.segmentation).long(), len(CLASSES)).permute(0, 3, 1, 2).float()
    shares = F.avg_pool2d(one_hot.to(x.device), CELL)
    return loss + 0.5 * -(shares * areas.log_softmax(1)).sum(1).mean()


def segmentation_loss(network: SegmentationNetwork, x: Tensor, recoloured: Tensor, truth: Rooms) -> Tensor:
    """Cross entropy over pixels."""
    return F.cross_entropy(network(x).float(), torch.from_numpy(truth.segmentation).long().to(x.device))


def scene_loss(network: SceneNetwork, x: Tensor, recoloured: Tensor, truth: Rooms) -> Tensor:
    """All heads of the scene network, segmentation, and reconstruction of the clean image at half its
    size."""
    said = {name: output.float() for name, output in network(x).items()}
    loss = head_loss(said["corner"], said["category"], said["attributes"], recoloured, truth)
    loss = loss + F.cross_entropy(
        said["segmentation"], torch.from_numpy(truth.segmentation).long().to(x.device)
    )
    clean = F.avg_pool2d(to_tensor(truth.images), 2).to(x.device)
    return loss + F.l1_loss(said["reconstruction"], clean)


def unlabelled_loss(network: UnlabelledSceneNetwork, x: Tensor, recoloured: Tensor, truth: Rooms) -> Tensor:
    """Masked patches of the clean image (L1, four fifths of it where masked), its small version out of the
    coarsest map, and two crops of each room against those of the others (NT-Xent). Reads no label of
    `truth`, only its images."""
    clean = to_tensor(truth.images)
    masked, mask = mask_patches(clean)
    filled, small = network.fill(masked.to(x.device))
    clean, mask = clean.to(x.device), mask.to(x.device)
    miss = (filled.float() - clean).abs()
    loss = (miss * (0.2 + 0.8 * mask)).mean() / (0.2 + 0.8 * mask).mean()
    loss = loss + F.l1_loss(small.float(), F.avg_pool2d(clean, 4))
    second, _ = degrade(crop(to_tensor(truth.images)))
    views = torch.cat([network.embed(crop(x.cpu()).to(x.device)), network.embed(second.to(x.device))])
    alike = views @ views.t() / TEMPERATURE
    alike.fill_diagonal_(-torch.inf)
    batch = x.shape[0]
    other = torch.arange(2 * batch, device=x.device).roll(batch)
    return loss + 0.2 * F.cross_entropy(alike, other)
