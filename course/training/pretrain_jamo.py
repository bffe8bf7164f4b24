"""Train `JamoNet` on consonants and write its weights: ``python -m course.training.pretrain_jamo --out PATH``.

Owns the recipe. The default settings take about 10 seconds on one core and give the file in course/weights: to the bit
on the same torch, NumPy and processor, elsewhere one as accurate.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from course import jamo
from course.backbones import JamoNet

__all__ = ["Recipe", "Trained", "accuracy", "main", "pretrain"]

_TEST_PER_CLASS = 100
_TEST_SEED = 1  # pictures of the training set have seed 0


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Args:
        steps: batches.
        per_class: pictures of each of the 14 consonants.
        seed: of the initial weights, the batches and dropout. The pictures are always those of seed 0.
        batch: pictures in a batch.
        lr: highest learning rate of the one-cycle schedule (Smith and Topin, arXiv:1708.07120), for AdamW.
        weight_decay: of AdamW.
    """

    steps: int = 500
    per_class: int = 300
    seed: int = 0
    batch: int = 128
    lr: float = 0.01
    weight_decay: float = 0.001


@dataclass(frozen=True)
class Trained:
    """A network, and its accuracy in [0, 1] on 1,400 other consonants before and after training."""

    network: JamoNet
    before: float
    after: float


def pretrain(recipe: Recipe) -> Trained:
    """Train a network from scratch. torch's global random state is set, and put back at the end."""
    x, y = jamo.consonants(recipe.per_class, seed=0)
    test = jamo.consonants(_TEST_PER_CLASS, seed=_TEST_SEED)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        network = JamoNet(len(jamo.CONSONANTS))
        before = accuracy(network, test)
        optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.lr, weight_decay=recipe.weight_decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.lr, total_steps=recipe.steps)
        network.train()
        for _ in range(recipe.steps):
            rows = torch.randint(len(x), (recipe.batch,))
            optimizer.zero_grad()
            torch.autograd.backward(nn.functional.cross_entropy(network(x[rows]), y[rows]))
            optimizer.step()
            schedule.step()
    return Trained(network.eval(), before, accuracy(network, test))


@torch.no_grad()
def accuracy(network: nn.Module, data: jamo.Labelled) -> float:
    """Return the share of right answers in [0, 1], in evaluation mode; the mode is put back."""
    training = network.training
    network.eval()
    right = int((network(data.x).argmax(1) == data.y).sum())
    network.train(training)
    return right / len(data.y)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, say how well it went, write the file; return 0."""
    from safetensors.torch import save_file

    parser = argparse.ArgumentParser(
        prog="python -m course.training.pretrain_jamo", description="자음으로 사전 훈련합니다."
    )
    parser.add_argument("--out", type=Path, required=True, help="가중치를 쓸 .safetensors 파일")
    parser.add_argument("--steps", type=int, default=Recipe.steps, help="갱신 횟수 (기본 %(default)s)")
    parser.add_argument("--per-class", type=int, default=Recipe.per_class, help="자음마다 그릴 장수 (기본 %(default)s)")
    parser.add_argument("--seed", type=int, default=Recipe.seed, help="초깃값과 배치의 시드 (기본 %(default)s)")
    chosen = parser.parse_args(arguments)
    recipe = Recipe(steps=chosen.steps, per_class=chosen.per_class, seed=chosen.seed)

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the order of sums, and so the last bits, depend on it
    try:
        trained = pretrain(recipe)
    finally:
        torch.set_num_threads(threads)
    card = {
        "network": "course.backbones.JamoNet",
        "task": f"{len(jamo.CONSONANTS)} consonants of course.jamo",
        "accuracy": f"{trained.after:.4f}",
        "accuracy_on": f"jamo.consonants({_TEST_PER_CLASS}, seed={_TEST_SEED})",
        "recipe": repr(recipe),
    }
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    save_file(
        trained.network.state_dict(), chosen.out, metadata={"card": json.dumps(card)}
    )  # several keys would come in any order
    chosen.out.chmod(0o644)  # safetensors writes a file that only its owner may read
    print(f"자음 정확도: 훈련 전 {trained.before:.3f}, 훈련 뒤 {trained.after:.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
