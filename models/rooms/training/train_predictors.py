"""Trains the predictors or the segmentation network on rendered ground truth and measures their held-out errors.

python train_predictors.py predictors   --data data64 --held-out held64 --images 150000 --out predictors.pt
python train_predictors.py segmentation --data data64 --held-out held64 --images 80000 --out segmentation.pt
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

import checkpoints
from augment import COLOUR_LABELS, degrade
from head_errors import predictor_errors, segmentation_errors
from labels import CLASSES
from networks.predictors import PredictorNetwork, SegmentationNetwork
from rooms_data import Rooms, load_rooms, to_tensor

CELL = 4  # pixels; the side of the cells of the auxiliary class areas


def draw(rooms: Rooms, batch: int, rng: np.random.Generator) -> Rooms:
    """A random batch, half of it mirrored."""
    index = np.sort(rng.integers(0, len(rooms), batch))
    images, segmentation, corner = rooms.images[index], rooms.segmentation[index], rooms.corner[index]
    mirrored = rng.random(batch) < 0.5
    images[mirrored] = images[mirrored, :, ::-1]
    segmentation[mirrored] = segmentation[mirrored, :, ::-1]
    corner = np.where(mirrored, -corner, corner)
    return Rooms(images, segmentation, rooms.category[index], corner, rooms.attributes[index])


def predictor_loss(network: PredictorNetwork, x: Tensor, recoloured: Tensor, truth: Rooms) -> Tensor:
    """The sum of the heads' losses. Colour labels do not count where the colours were changed."""
    maps = network.trunk(x)
    corner, category, attributes = (output.float() for output in network.heads(maps))
    areas = network.class_areas(maps).float()
    device = x.device
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
    loss = loss + 2 * (each * counts).sum() / counts.sum()
    one_hot = F.one_hot(torch.from_numpy(truth.segmentation).long(), len(CLASSES)).permute(0, 3, 1, 2).float()
    shares = F.avg_pool2d(one_hot.to(device), CELL)
    return loss + 0.5 * -(shares * areas.log_softmax(1)).sum(1).mean()


def segmentation_loss(network: SegmentationNetwork, x: Tensor, recoloured: Tensor, truth: Rooms) -> Tensor:
    """Cross entropy over pixels."""
    return F.cross_entropy(network(x).float(), torch.from_numpy(truth.segmentation).long().to(x.device))


KINDS = {
    "predictors": (PredictorNetwork, predictor_loss, predictor_errors),
    "segmentation": (SegmentationNetwork, segmentation_loss, segmentation_errors),
}


def train(network, loss_of, rooms: Rooms, images: int, batch: int, rate: float, device: str) -> None:
    """AdamW with one cycle of the learning rate, bfloat16 where it is safe."""
    network.to(device, memory_format=torch.channels_last).train()
    steps = images // batch
    optimizer = torch.optim.AdamW(network.parameters(), rate, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps, pct_start=0.2)
    rng = np.random.default_rng(0)
    start, smooth = time.time(), 0.0
    for step in range(steps):
        truth = draw(rooms, batch, rng)
        x, recoloured = degrade(to_tensor(truth.images))
        with torch.autocast(device, torch.bfloat16):
            loss = loss_of(network, x.to(device), recoloured, truth)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        smooth = loss.item() if step == 0 else 0.98 * smooth + 0.02 * loss.item()
        if (step + 1) % 100 == 0:
            done = (step + 1) * batch
            print(
                f"{done} of {images} images, {done / (time.time() - start):.0f}/s, loss {smooth:.3f}",
                flush=True,
            )
    network.cpu().eval()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--data", type=Path, default=Path("data64"))
    parser.add_argument("--held-out", type=Path, default=Path("held64"), help="renders of another seed")
    parser.add_argument("--images", type=int, default=150_000, help="how many images to show")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    make, loss_of, errors_of = KINDS[arguments.kind]
    network = make()
    rooms = load_rooms(arguments.data)
    train(network, loss_of, rooms, arguments.images, arguments.batch, arguments.rate, arguments.device)
    errors = errors_of(network, load_rooms(arguments.held_out))
    for head, figures in errors.items():
        print(head, figures)
    checkpoints.write(
        arguments.out, {"network": network.state_dict(), "errors": errors, "images": arguments.images}
    )


if __name__ == "__main__":
    main()
