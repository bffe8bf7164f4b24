"""Four ways to learn vowels from few shots: the measurement behind docs/jamo.md, and a helper of test_backbones.py.

``python tests/course/transfer.py`` prints the table (about three minutes on one core).
"""

import argparse
import statistics
import time

import torch
from torch import nn

from course import backbones, jamo

METHODS = ("scratch", "frozen", "fine-tuned", "random frozen")


def run(method: str, k: int, seed: int) -> float:
    """Return the accuracy on the 1,000 test vowels after learning k of each class."""
    data = jamo.few_shot(k, seed)
    torch.manual_seed(seed)
    model = backbones.jamo_net(pretrained=method in {"frozen", "fine-tuned"})
    model.head = nn.Linear(model.num_features, len(jamo.VOWELS))
    if method == "scratch":
        train(model, data, backbone_lr=3e-3, head_lr=3e-3)
    elif method == "fine-tuned":
        train(model, data, backbone_lr=3e-3, head_lr=1e-2)
    else:
        train_head(model, data)
    model.eval()
    with torch.no_grad():
        return (model(data.x_test).argmax(1) == data.y_test).float().mean().item()


def train(model: backbones.Backbone, data: jamo.FewShot, *, backbone_lr: float, head_lr: float) -> None:
    """Train everything: Adam, 150 steps, batches of 64 (all shots where there are fewer)."""
    groups = [
        {"params": model.features.parameters(), "lr": backbone_lr},
        {"params": model.head.parameters(), "lr": head_lr},
    ]
    optimizer = torch.optim.Adam(groups)
    model.train()
    for _ in range(150):
        rows = torch.randperm(len(data.x_train))[:64]
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(data.x_train[rows]), data.y_train[rows]).backward()
        optimizer.step()


def train_head(model: backbones.Backbone, data: jamo.FewShot) -> None:
    """Train the head on features computed once: Adam, 150 steps, all shots in each."""
    model.eval()
    with torch.no_grad():
        features = model.features(data.x_train)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model.head(features), data.y_train).backward()
        optimizer.step()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ks", type=int, nargs="+", default=[1, 2, 5, 10, 20])
    parser.add_argument("--seeds", type=int, default=10)
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    scores: dict[str, list[list[float]]] = {}
    print("method", *chosen.ks, "CPU s/run", sep=" | ")
    for method in METHODS:
        start = time.process_time()
        scores[method] = [[run(method, k, seed) for seed in range(chosen.seeds)] for k in chosen.ks]
        seconds = (time.process_time() - start) / len(chosen.ks) / chosen.seeds
        print(method, *map(spread, scores[method]), f"{seconds:.1f}", sep=" | ", flush=True)
    pairs = zip(scores["fine-tuned"], scores["frozen"], strict=True)
    leads = [[a - b for a, b in zip(tuned, frozen, strict=True)] for tuned, frozen in pairs]
    print("fine-tuned - frozen, seed by seed", *map(spread, leads), "", sep=" | ")


def spread(scores: list[float]) -> str:
    return f"{statistics.mean(scores):.2f} ± {statistics.stdev(scores):.2f}"


if __name__ == "__main__":
    main()
