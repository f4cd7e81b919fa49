"""Trains a network on renders and measures its held-out errors.

python train_predictors.py features     --data data64 --images 100000 --out features.pt
python train_predictors.py unlabelled-features --data data64 --images 60000 --out unlabelled.pt
python train_predictors.py predictors   --data data64 --held-out held64 --images 150000 --out predictors.pt
python train_predictors.py predictors   --start predictors.pt --recolour 0 --images 12000 --out predictors.pt
python train_predictors.py segmentation --start predictors.pt --images 16000 --batch 32 --out segmentation.pt
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch

import checkpoints
from augment import degrade
from head_errors import predictor_errors, segmentation_errors
from losses import predictor_loss, scene_loss, segmentation_loss, unlabelled_loss
from networks.predictors import PredictorNetwork, SegmentationNetwork
from networks.scene_features import SceneNetwork
from networks.unlabelled_features import UnlabelledSceneNetwork
from rooms_data import Rooms, load_rooms, to_tensor


def draw(rooms: Rooms, batch: int, rng: np.random.Generator) -> Rooms:
    """A random batch, half of it mirrored."""
    index = np.sort(rng.integers(0, len(rooms), batch))
    images, segmentation, corner = rooms.images[index], rooms.segmentation[index], rooms.corner[index]
    mirrored = rng.random(batch) < 0.5
    images[mirrored] = images[mirrored, :, ::-1]
    segmentation[mirrored] = segmentation[mirrored, :, ::-1]
    corner = np.where(mirrored, -corner, corner)
    return Rooms(images, segmentation, rooms.category[index], corner, rooms.attributes[index])


def no_errors(network, rooms: Rooms) -> dict:
    """Nothing quotes the errors of the scene network."""
    return {}


KINDS = {
    "features": (SceneNetwork, scene_loss, no_errors),
    "unlabelled-features": (UnlabelledSceneNetwork, unlabelled_loss, no_errors),
    "predictors": (PredictorNetwork, predictor_loss, predictor_errors),
    "segmentation": (SegmentationNetwork, segmentation_loss, segmentation_errors),
}


def train(network, loss_of, rooms: Rooms, arguments: argparse.Namespace) -> None:
    """AdamW with one cycle of the learning rate, bfloat16 where it is safe."""
    images, batch, rate, device = arguments.images, arguments.batch, arguments.rate, arguments.device
    network.to(device, memory_format=torch.channels_last).train()
    steps = images // batch
    optimizer = torch.optim.AdamW(
        [p for p in network.parameters() if p.requires_grad], rate, weight_decay=1e-2
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps, pct_start=0.2)
    rng = np.random.default_rng(0)
    start, smooth = time.time(), 0.0
    for step in range(steps):
        truth = draw(rooms, batch, rng)
        x, recoloured = degrade(to_tensor(truth.images), arguments.recolour)
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
    parser.add_argument("--start", type=Path, help="predictors whose trunk is taken over, frozen")
    parser.add_argument("--go-on", type=Path, help="trained weights of this network to go on from")
    parser.add_argument("--recolour", type=float, default=0.3, help="share of images with shifted colours")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    make, loss_of, errors_of = KINDS[arguments.kind]
    network = make()
    if arguments.start:
        network.start_from(checkpoints.load_predictors(arguments.start)[0])
    if arguments.go_on:
        network.load_state_dict(checkpoints.read(arguments.go_on)["network"])
    rooms = load_rooms(arguments.data)
    train(network, loss_of, rooms, arguments)
    errors = errors_of(network, load_rooms(arguments.held_out))
    for head, figures in errors.items():
        print(head, figures)
    checkpoints.write(
        arguments.out, {"network": network.state_dict(), "errors": errors, "images": arguments.images}
    )


if __name__ == "__main__":
    main()
