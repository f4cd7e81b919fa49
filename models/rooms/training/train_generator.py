"""Trains the generator against a projected discriminator. Resumes where OUT has a checkpoint; stop it at any
time.

python train_generator.py --data data64 --features features.pt --out run --images 400000
"""

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import checkpoints
from contact_sheet import save_sheet
from networks.generator import CHANNELS, Z_DIM
from networks.projected_discriminator import FeatureProjection, ProjectedDiscriminator
from rooms_data import load_images, to_bytes, to_tensor

SHEET_EVERY = 10_000  # images
SAVE_EVERY = 240  # seconds


class Trainer:
    """Generator, its moving average, discriminator heads, and the optimisers of a run."""

    def __init__(self, arguments: argparse.Namespace):
        self.device = arguments.device
        self.batch, self.mixing = arguments.batch, arguments.mixing
        self.half_life = arguments.half_life
        self.rate, self.decay, self.last = arguments.rate, arguments.decay, arguments.images
        self.mapping_rate = arguments.mapping_rate
        self.discriminator_every = arguments.discriminator_every
        self.images = load_images(arguments.data)
        self.random = np.random.default_rng()
        to = {"device": self.device, "memory_format": torch.channels_last}
        self.path = arguments.out / "checkpoint.pt"
        found = checkpoints.read(self.path) if self.path.exists() else None
        shape = found or {
            "resolution": arguments.resolution,
            "channels": CHANNELS[arguments.channels],
            "mapping_widths": [arguments.mapping] * 3,
        }
        self.shape = {name: shape[name] for name in checkpoints.SHAPE}
        self.generator = checkpoints.new_generator(self.shape).to(**to).train()
        self.discriminator = ProjectedDiscriminator().to(**to)
        self.projection = FeatureProjection(checkpoints.load_features(arguments.features)).to(**to).eval()
        self.average = copy.deepcopy(self.generator).eval()
        betas = (0.0, 0.99)
        self.generator_steps = torch.optim.Adam(
            [
                {"params": self.generator.mapping.parameters()},
                {"params": self.generator.synthesis_parameters()},
            ],
            arguments.rate,
            betas,
        )
        self.discriminator_steps = torch.optim.Adam(
            self.discriminator.parameters(), arguments.rate / 10, betas
        )
        self.shown = 0
        if found:
            self._restore(found)
        elif arguments.start:
            state = checkpoints.read(arguments.start)["average"]
            self.generator.load_state_dict(state)
            self.average.load_state_dict(state)

    def _parts(self) -> dict:
        return {
            "generator": self.generator,
            "average": self.average,
            "discriminator": self.discriminator,
            "generator_steps": self.generator_steps,
            "discriminator_steps": self.discriminator_steps,
        }

    def _restore(self, found: dict) -> None:
        """A compact checkpoint has no optimiser state (both start afresh) and no generator but its
        average."""
        found = {"generator": found["average"], **found}
        for name, part in self._parts().items():
            if name == "discriminator":
                part.restore(found[name])
            elif name in found:
                part.load_state_dict(found[name])
        self.shown = found["images"]
        print(f"Resumed at {self.shown} images.", flush=True)

    def save(self) -> None:
        content = {name: part.state_dict() for name, part in self._parts().items()}
        content |= {"images": self.shown, **self.shape}
        checkpoints.write(self.path, content)

    def _rooms(self) -> Tensor:
        """A random batch of renders [B, 3, R, R], half of it mirrored."""
        x = to_tensor(self.images[np.sort(self.random.integers(0, len(self.images), self.batch))])
        mirrored = torch.rand(self.batch) < 0.5
        x[mirrored] = x[mirrored].flip(3)
        return x.to(self.device).contiguous(memory_format=torch.channels_last)

    def step(self) -> dict[str, float]:
        """One step of the generator and, every so many steps, one of the discriminator, which sees the images
        that the generator has just learnt from. Returns the losses by name."""
        cast = torch.autocast(self.device, torch.bfloat16)
        self.discriminator.requires_grad_(False)
        with cast:
            fake = self.generator(torch.randn(self.batch, Z_DIM, device=self.device), self.mixing)
            fake_maps = self.projection(fake.contiguous(memory_format=torch.channels_last))
            generator_loss = -sum(logits.mean() for logits in self.discriminator(fake_maps))
        self._set_rates()
        _descend(self.generator_steps, generator_loss)
        losses = {"generator": generator_loss.item()}
        if self.shown // self.batch % self.discriminator_every == 0:
            losses["discriminator"] = self._step_discriminator(fake_maps)
        self.shown += self.batch
        self._update_average()
        return losses

    def _step_discriminator(self, fake_maps: list[Tensor]) -> float:
        cast = torch.autocast(self.device, torch.bfloat16)
        self.discriminator.requires_grad_(True)
        with cast:
            with torch.no_grad():
                real_maps = self.projection(self._rooms())
                maps = [torch.cat([fake.detach(), real]) for fake, real in zip(fake_maps, real_maps)]
            discriminator_loss = sum(_hinge(logits) for logits in self.discriminator(maps))
        _descend(self.discriminator_steps, discriminator_loss)
        return discriminator_loss.item()

    def _set_rates(self) -> None:
        """Constant, then linearly down to a tenth over the last `decay` images; set anew in every step, since
        a restored optimiser brings the rate of the run before."""
        left = max(0.0, self.last - self.shown)
        share = 1.0 if self.decay <= 0 else 0.1 + 0.9 * min(1.0, left / self.decay)
        mapping, synthesis = self.generator_steps.param_groups
        mapping["lr"] = self.rate * share * self.mapping_rate
        synthesis["lr"] = self.rate * share
        for group in self.discriminator_steps.param_groups:
            group["lr"] = self.rate / 10 * share

    @torch.no_grad()
    def _update_average(self) -> None:
        half_life = min(self.half_life, 500 + 0.05 * self.shown)
        keep = 0.5 ** (self.batch / half_life)
        for mean, value in zip(self.average.parameters(), self.generator.parameters()):
            mean.lerp_(value, 1 - keep)
        for mean, value in zip(self.average.buffers(), self.generator.buffers()):
            mean.copy_(value)


def _hinge(logits: Tensor) -> Tensor:
    """[2 B, n], generated images before renders -> the discriminator's loss of one head."""
    fake, real = logits.chunk(2)
    return F.relu(1 + fake).mean() + F.relu(1 - real).mean()


def _descend(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


@torch.no_grad()
def _sheet(generator: nn.Module, path: Path, device: str) -> None:
    """Always the same 64 codes."""
    z = torch.randn(64, Z_DIM, generator=torch.Generator().manual_seed(1)).to(device)
    save_sheet(to_bytes(generator(z)), path)


def run(trainer: Trainer, out: Path, images: int) -> None:
    """Steps until `images` have been shown; saves every few minutes, and a contact sheet every 10,000
    images."""
    begun, first = time.time(), trainer.shown
    saved, sheet = begun, first - first % SHEET_EVERY
    smooth: dict[str, float] = {}
    step = 0
    while trainer.shown < images:
        losses = trainer.step()
        step += 1
        smooth |= {name: 0.98 * smooth.get(name, value) + 0.02 * value for name, value in losses.items()}
        if step % 100 == 0:
            rate = (trainer.shown - first) / (time.time() - begun)
            figures = ", ".join(f"{name} loss {value:.2f}" for name, value in smooth.items())
            print(f"{trainer.shown} images, {rate:.1f}/s, {figures}", flush=True)
        if trainer.shown - sheet >= SHEET_EVERY:
            sheet = trainer.shown
            _sheet(trainer.average, out / f"sheet{sheet // 1000:05d}.png", trainer.device)
        if time.time() - saved > SAVE_EVERY:
            trainer.save()
            saved = time.time()
    trainer.save()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("data64"))
    parser.add_argument("--features", type=Path, default=Path("features.pt"), help="the scene network")
    parser.add_argument("--out", type=Path, default=Path("run"))
    parser.add_argument("--start", type=Path, help="a checkpoint whose average a new run starts from")
    parser.add_argument("--resolution", type=int, default=64)
    parser.add_argument("--channels", choices=CHANNELS, default="wide", help="of a new run")
    parser.add_argument("--mapping", type=int, default=256, help="width of a new run's mapping")
    parser.add_argument(
        "--images", type=int, default=400_000, help="stop after so many, earlier runs included"
    )
    parser.add_argument("--mixing", type=float, default=0.9, help="share of samples with two codes")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=0.002, help="the generator's; the heads' is a tenth")
    parser.add_argument(
        "--mapping-rate",
        type=float,
        default=10.0,
        help="how much faster the mapping learns than its gain of 0.01 has it (for millions of images)",
    )
    parser.add_argument(
        "--discriminator-every",
        type=int,
        default=1,
        help="generator steps to one of the discriminator: 2 where the discriminator is far ahead",
    )
    parser.add_argument("--decay", type=int, default=0, help="images over which both rates fall to a tenth")
    parser.add_argument(
        "--half-life", type=int, default=8000, help="of the average of the weights, in images"
    )
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    run(Trainer(arguments), arguments.out, arguments.images)


if __name__ == "__main__":
    main()
