"""Networks to transfer from: a small one pretrained on consonants, and torchvision's where torchvision is installed.

All of them come out of one path: a network is built with its own last layer, weights are read into it from a file on
this machine, and `split` cuts it into `features`, (N, ...) -> (N, F), and `head`, (N, F) -> (N, C). Nothing is ever
downloaded. Freezing, replacing the head and training are the student's work and are not done here.

This module imports torch at once (its networks are torch modules); `import course` doesn't import it.
"""

from __future__ import annotations

import importlib
import json
from collections import OrderedDict
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["NAMES", "SHIPPED", "TORCHVISION", "Backbone", "JamoNet", "ToImageNet", "card", "jamo_net", "load", "split"]

SHIPPED = Path(__file__).parent / "weights" / "jamo_consonants.safetensors"
"""Weights of `JamoNet` made by ``python -m course.training.pretrain_jamo``; `card` says how well they do."""

TORCHVISION = ("resnet18", "resnet34", "resnet50", "mobilenet_v3_small", "efficientnet_b0")
NAMES = ("jamo", *TORCHVISION)

_HEADS = ("fc", "classifier", "head", "heads")  # where torchvision's classifiers keep their last layer


class Backbone(nn.Module):
    """A network in two parts: ``forward(x) = head(features(x))``.

    Put another layer in the head's place by assigning to `head`.

    Args:
        features: maps (N, ...) to flat features (N, F); may hold BatchNorm and dropout.
        head: maps (N, F) to logits (N, C).

    Attributes:
        num_features: F.
    """

    def __init__(self, features: nn.Module, head: nn.Linear) -> None:
        super().__init__()
        self.features = features
        self.head: nn.Module = head
        self.num_features = head.in_features

    def forward(self, x: Tensor) -> Tensor:
        """Return logits (N, C)."""
        logits: Tensor = self.head(self.features(x))
        return logits

    @property
    def blocks(self) -> tuple[nn.Module, ...]:
        """The parts of `features` that have parameters, from the input to the output."""
        return tuple(_children(self.features))


class JamoNet(nn.Module):
    """The pretrained network before `split`: three blocks of convolution, BatchNorm, ReLU, max pooling; 64 features.

    20 x 20 pixels become 10 x 10, 5 x 5 and 2 x 2 in 8, 16 and 16 channels; the last are flattened to 64 features, with
    dropout.

    Args:
        num_classes: C of its last layer `fc`.
        dropout: probability that a feature is set to 0 in training.
    """

    def __init__(self, num_classes: int = 14, dropout: float = 0.2) -> None:
        super().__init__()
        self.block1 = _block(1, 8, padding=1, stride=2)
        self.block2 = _block(8, 16, padding=1, stride=2)
        self.block3 = _block(16, 16, padding=0, stride=1)
        self.flatten = nn.Flatten()
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        """Map pictures (N, 1, 20, 20) to logits (N, C)."""
        logits: Tensor = self.fc(self.dropout(self.flatten(self.block3(self.block2(self.block1(x))))))
        return logits


class ToImageNet(nn.Module):
    """Make pictures look like those torchvision's networks were trained on: three channels, larger, standardised.

    Args:
        size: height and width that pictures are resized to, in pixels.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, size: int = 224) -> None:
        super().__init__()
        self.size = size
        # Mean and standard deviation of ImageNet's channels, as documented with torchvision's weights.
        self.register_buffer("mean", torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """Map (N, 1 or 3, H, W) in [0, 1] to (N, 3, size, size)."""
        large = nn.functional.interpolate(x, (self.size, self.size), mode="bilinear")
        return (large - self.mean) / self.std  # a gray channel becomes three by broadcasting


def jamo_net(pretrained: bool = False) -> Backbone:
    """Return the small network for (N, 1, 20, 20) pictures: F = 64, 14 classes, 3,608 parameters in its features.

    Args:
        pretrained: with the weights learnt on consonants; otherwise torch's random initialisation (global generator).
    """
    return load("jamo", pretrained=pretrained)


def load(
    name: str, *, pretrained: bool = False, weights: str | PathLike[str] | None = None, size: int = 224
) -> Backbone:
    """Return a network, in training mode, split into features and head.

    Args:
        name: one of `NAMES`. All but ``"jamo"`` need torchvision and start with `ToImageNet`.
        pretrained: with the weights that come with this course; only ``"jamo"`` has them.
        weights: a file of weights on this machine, ``.safetensors`` or torchvision's ``.pth``; implies pretrained.
        size: what torchvision's networks see, in pixels; smaller is faster.

    Raises:
        ValueError: for an unknown name, for weights that don't fit, or if weights are wanted but none are at hand.
        FileNotFoundError: if there is no file `weights`.
        ModuleNotFoundError: if the network is torchvision's and torchvision isn't installed.
    """
    if name not in NAMES:
        raise ValueError(f"모르는 백본입니다: {name!r}. 쓸 수 있는 이름은 {', '.join(NAMES)}입니다.")
    if pretrained and weights is None:
        if name != "jamo":
            raise ValueError(f"{name}의 가중치는 내려받지 않습니다. 가지고 있는 파일을 weights=로 지정하세요.")
        weights = SHIPPED
    network = JamoNet() if name == "jamo" else _torchvision(name)
    if weights is not None:
        _fill(network, Path(weights))
    backbone = split(network)
    if name != "jamo":
        backbone.features = nn.Sequential(OrderedDict(prepare=ToImageNet(size), network=backbone.features))
    return backbone


def split(network: nn.Module) -> Backbone:
    """Cut the last linear layer off a classifier, which is changed: what is left of it is the features.

    Args:
        network: a classifier whose last layer is an `nn.Linear` named `fc`, `classifier`, `head` or `heads`, or the
            last linear layer of a module of that name, as in torchvision.

    Raises:
        ValueError: if it has no such layer.
    """
    for name, module in reversed(list(network.named_modules())):
        if isinstance(module, nn.Linear) and name.split(".", 1)[0] in _HEADS:
            network.set_submodule(name, nn.Identity())
            return Backbone(network, module)
    raise ValueError(
        f"헤드 층을 찾지 못했습니다. 마지막 nn.Linear의 이름은 {', '.join(_HEADS)} 가운데 하나여야 합니다."
    )


def card(path: str | PathLike[str] = SHIPPED) -> dict[str, str]:
    """Return what a file written by course.training.pretrain_jamo says of itself: task, recipe, accuracy.

    Raises:
        ValueError: if the file holds no such card.
    """
    from safetensors import safe_open

    with safe_open(str(path), framework="pt") as file:
        written: str | None = (file.metadata() or {}).get("card")
    if written is None:
        raise ValueError(f"가중치 파일 {Path(path).name}에 설명(card)이 없습니다.")
    return dict(json.loads(written))


def _block(inputs: int, outputs: int, *, padding: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        OrderedDict[str, nn.Module](
            conv=nn.Conv2d(inputs, outputs, 3, padding=padding, bias=False),
            bn=nn.BatchNorm2d(outputs),
            relu=nn.ReLU(),
            pool=nn.MaxPool2d(2, stride),
        )
    )


def _children(module: nn.Module) -> list[nn.Module]:
    """Return the children that have parameters, looking into one that is alone (a wrapper)."""
    found = [child for child in module.children() if any(True for _ in child.parameters())]
    return _children(found[0]) or found if len(found) == 1 else found


def _torchvision(name: str) -> nn.Module:
    try:
        models: Any = importlib.import_module("torchvision.models")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{name}에는 torchvision이 필요합니다. 없으면 'jamo'를 쓰세요.") from error
    network: nn.Module = models.get_model(name, weights=None)  # None: nothing is downloaded
    return network


def _fill(network: nn.Module, path: Path) -> None:
    if not path.is_file():
        raise FileNotFoundError(f"가중치 파일이 없습니다: {path.name}")
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            state: Any = load_file(path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
        network.load_state_dict(state)
    except Exception as error:  # the two readers and load_state_dict each have errors of their own
        raise ValueError(f"가중치 파일({path.name})을 읽지 못했거나, 이 망과 맞지 않습니다.") from error
