"""Augmentation that makes predictors robust to what a generator gets wrong: noise, blur, bent lines, shifted
colours."""

import torch
import torch.nn.functional as F
from torch import Tensor

from labels import ATTRIBUTES

# Labels that a shift of colour or brightness would falsify.
COLOUR_LABELS = [ATTRIBUTES.index(name) for name in ("indoor lighting", "natural lighting", "bright", "warm")]


def some(batch: int, share: float) -> Tensor:
    """A random mask [B, 1, 1, 1] that is 1 for about `share` of the batch."""
    return (torch.rand(batch, 1, 1, 1) < share).float()


def add_noise(x: Tensor, share: float = 0.5, most: float = 0.12) -> Tensor:
    """Gaussian noise of a standard deviation up to `most` (the images' range is 2)."""
    deviation = torch.rand(x.shape[0], 1, 1, 1) * most * some(x.shape[0], share)
    return x + torch.randn_like(x) * deviation


def lose_detail(x: Tensor, share: float = 0.35) -> Tensor:
    """Down to half the size and up again, mixed with the image by a random share."""
    soft = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2, mode="bilinear", align_corners=False)
    return torch.lerp(x, soft, torch.rand(x.shape[0], 1, 1, 1) * some(x.shape[0], share))


def bend(x: Tensor, share: float = 0.35, most: float = 1.5) -> Tensor:
    """Moves pixels along a smooth random field, up to about `most` pixels."""
    batch, _, height, width = x.shape
    field = F.interpolate(
        torch.randn(batch, 2, 6, 6), size=(height, width), mode="bicubic", align_corners=True
    )
    field = field * (most / width) * some(batch, share)
    identity = torch.eye(2, 3)[None].repeat(batch, 1, 1)
    grid = F.affine_grid(identity, list(x.shape), align_corners=False) + field.permute(0, 2, 3, 1)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def shift_colours(x: Tensor, share: float = 0.3) -> tuple[Tensor, Tensor]:
    """Scales and shifts each channel and the saturation; returns the images and which [B] were changed."""
    batch = x.shape[0]
    chosen = some(batch, share)
    grey = x.mean(1, keepdim=True)
    saturation = 1 + chosen * (torch.rand(batch, 1, 1, 1) * 0.9 - 0.4)
    scale = 1 + chosen * (torch.rand(batch, 3, 1, 1) * 0.3 - 0.15)
    shift = chosen * (torch.rand(batch, 3, 1, 1) * 0.3 - 0.15)
    return (grey + (x - grey) * saturation) * scale + shift, chosen.flatten() > 0


def crop(x: Tensor, least: float = 0.6) -> Tensor:
    """A random part of each image, at least `least` of its side, mirrored half the time, at the same size."""
    batch = x.shape[0]
    side = least + (1 - least) * torch.rand(batch)
    sign = torch.where(torch.rand(batch) < 0.5, -1.0, 1.0)
    theta = torch.zeros(batch, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = side * sign, side
    theta[:, :, 2] = (2 * torch.rand(batch, 2) - 1) * (1 - side)[:, None]
    return F.grid_sample(x, F.affine_grid(theta, list(x.shape), align_corners=False), align_corners=False)


def mask_patches(x: Tensor, patch: int = 8, share: float = 0.5) -> tuple[Tensor, Tensor]:
    """Sets about `share` of the square patches to 0; returns the images and the mask [B, 1, R, R], 1 where
    masked."""
    batch, _, height, width = x.shape
    drawn = (torch.rand(batch, 1, height // patch, width // patch) < share).float()
    mask = F.interpolate(drawn, scale_factor=patch)
    return (x * (1 - mask)).contiguous(memory_format=torch.channels_last), mask


def degrade(x: Tensor, recolour: float = 0.3) -> tuple[Tensor, Tensor]:
    """All of the above in turn, clipped to [-1, 1]; other colours for a share `recolour` of the images.

    Returns the images and which [B] have other colours.
    """
    x, recoloured = shift_colours(x, recolour)
    x = add_noise(lose_detail(bend(x)))
    return x.clamp(-1, 1).contiguous(memory_format=torch.channels_last), recoloured
