"""Trains the generator against a projected discriminator. Resumes where OUT has a checkpoint; stop it at any
time.

python train_generator.py --data data64 --features features.pt --out run --images 400000
"""

import argparse
import copy
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

import checkpoints
from contact_sheet import save_sheet
from networks.generator import CHANNELS, Z_DIM
from networks.projected_discriminator import FeatureProjection, ProjectedDiscriminator
from rooms_data import ImagePool, to_bytes
from step_graphs import GraphedStep

SAVE_EVERY = 240  # seconds


class Trainer:
    """Generator, its moving average, discriminator heads, and the optimisers of a run."""

    def __init__(self, arguments: argparse.Namespace):
        self.device = arguments.device
        self.batch, self.mixing = arguments.batch, arguments.mixing
        self.half_life = arguments.half_life
        self.rate, self.mapping_rate = arguments.rate, arguments.mapping_rate
        self.discriminator_every = arguments.discriminator_every
        self.images = ImagePool(arguments.data, self.device, arguments.capacity)
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
        self._steps = {"both": self._step_both, "generator": lambda: self._step_generator()[0]}
        if self.device != "cpu":
            torch.backends.cudnn.benchmark = True
            _make_capturable(self.generator_steps, self.device)
            _make_capturable(self.discriminator_steps, self.device)
            self._steps = {name: GraphedStep(step) for name, step in self._steps.items()}

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

    def step(self, share: float) -> dict[str, Tensor]:
        """One step of the generator and, every so many steps, one of the discriminator, which sees the images
        that the generator has just learnt from; both at `share` of the full rates. Returns the losses by
        name."""
        self._set_rates(share)
        both = self.shown // self.batch % self.discriminator_every == 0
        losses = self._steps["both" if both else "generator"]()
        self.shown += self.batch
        self._update_average()
        return losses

    def _step_both(self) -> dict[str, Tensor]:
        losses, fake_maps = self._step_generator()
        return {**losses, "discriminator": self._step_discriminator(fake_maps)}

    def _step_generator(self) -> tuple[dict[str, Tensor], list[Tensor]]:
        self.discriminator.requires_grad_(False)
        with torch.autocast(self.device, torch.bfloat16):
            fake = self.generator(torch.randn(self.batch, Z_DIM, device=self.device), self.mixing)
            fake_maps = self.projection(fake.contiguous(memory_format=torch.channels_last))
            loss = -sum(logits.mean() for logits in self.discriminator(fake_maps))
        _descend(self.generator_steps, loss)
        return {"generator": loss.detach()}, [fake_map.detach() for fake_map in fake_maps]

    def _step_discriminator(self, fake_maps: list[Tensor]) -> Tensor:
        self.discriminator.requires_grad_(True)
        with torch.autocast(self.device, torch.bfloat16):
            with torch.no_grad():
                real_maps = self.projection(self.images.draw(self.batch))
                maps = [torch.cat([fake, real]) for fake, real in zip(fake_maps, real_maps)]
            loss = sum(_hinge(logits) for logits in self.discriminator(maps))
        _descend(self.discriminator_steps, loss)
        return loss.detach()

    def _set_rates(self, share: float) -> None:
        """Set anew in every step, since a restored optimiser brings the rate of the run before."""
        mapping, synthesis = self.generator_steps.param_groups
        _set_rate(mapping, self.rate * share * self.mapping_rate)
        _set_rate(synthesis, self.rate * share)
        for group in self.discriminator_steps.param_groups:
            _set_rate(group, self.rate / 10 * share)

    @torch.no_grad()
    def _update_average(self) -> None:
        half_life = min(self.half_life, 500 + 0.05 * self.shown)
        keep = 0.5 ** (self.batch / half_life)
        for mean, value in zip(self.average.parameters(), self.generator.parameters()):
            mean.lerp_(value, 1 - keep)
        for mean, value in zip(self.average.buffers(), self.generator.buffers()):
            mean.copy_(value)


def _make_capturable(optimizer: torch.optim.Optimizer, device: str) -> None:
    """Step counts and rates on the device, whatever a restored state had, so that a captured step reads
    them as they are at the time."""
    for group in optimizer.param_groups:
        group.update(capturable=True, fused=True, foreach=None, lr=torch.zeros((), device=device))
    for state in optimizer.state.values():
        state["step"] = state["step"].to(device)


def _set_rate(group: dict, rate: float) -> None:
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate


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


def run(trainer: Trainer, arguments: argparse.Namespace) -> None:
    """Steps until the images have been shown or the seconds are over; saves every few minutes, and a contact
    sheet every so many images. The rates fall linearly to a tenth at the end."""
    out, decay = arguments.out, arguments.decay
    begun, first = time.time(), trainer.shown
    saved, sheet = begun, first - first % arguments.sheet_every
    smooth: dict[str, Tensor] = {}
    step = 0
    while (left := _left(trainer, arguments, begun)) > 0:
        losses = trainer.step(0.1 + 0.9 * min(1.0, left / decay) if decay > 0 else 1.0)
        step += 1
        for name, value in losses.items():
            smooth[name] = value.clone() if name not in smooth else smooth[name].lerp_(value, 0.02)
        if step % 100 == 0:
            rate = (trainer.shown - first) / (time.time() - begun)
            figures = ", ".join(f"{name} loss {value:.2f}" for name, value in smooth.items())
            print(
                f"{trainer.shown} images, {rate:.1f}/s, {figures}, {len(trainer.images)} renders", flush=True
            )
            trainer.images.look()
        if trainer.shown - sheet >= arguments.sheet_every:
            sheet = trainer.shown
            _sheet(trainer.average, out / f"sheet{sheet // 1000:05d}.png", trainer.device)
        if time.time() - saved > SAVE_EVERY:
            trainer.save()
            saved = time.time()
    trainer.save()


def _left(trainer: Trainer, arguments: argparse.Namespace, begun: float) -> float:
    """Images that are still to be shown, or seconds."""
    if arguments.seconds is not None:
        return begun + arguments.seconds - time.time()
    return arguments.images - trainer.shown


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
    parser.add_argument("--seconds", type=float, help="stop after so many instead, which --decay then counts")
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
    parser.add_argument("--decay", type=float, default=0, help="images over which both rates fall to a tenth")
    parser.add_argument(
        "--half-life", type=int, default=8000, help="of the average of the weights, in images"
    )
    parser.add_argument(
        "--capacity", type=int, default=0, help="renders to hold at most, where more are still being rendered"
    )
    parser.add_argument("--sheet-every", type=int, default=10_000, help="images")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    run(Trainer(arguments), arguments)


if __name__ == "__main__":
    main()
