"""The facts that notebook 05 prints and states, measured again with the functions of its solution cells."""

from __future__ import annotations

import copy
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import nn

from course import jamo
from course.backbones import Backbone, jamo_net
from tests.course.masters import read_sources, solve

ID = "05-transfer-learning"
QUOTATIONS = (
    "1~2개의 층만 새롭게 추가한다면 적은 수의 데이터셋으로도 ... 재사용되는 층의 가중치가 더 이상 학습되지 않게 동결",
    "아주 작은 크기의 데이터셋",
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """As the notebook's set-up cell does."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def sources() -> dict[str, str]:
    return read_sources(ID)


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    return solve(ID)


@pytest.fixture
def notebook(solved: dict[str, Any], sources: dict[str, str]) -> dict[str, Any]:
    """The solutions, and the functions that experiments a and c define; nothing is trained or drawn."""
    namespace = dict(solved)
    namespace["STEPS"] = 150  # whatever FAST says here
    namespace["ready"] = lambda **functions: False
    for cell in ("experiment-a", "experiment-c"):
        exec(sources[cell], namespace)
    return namespace


def accuracies(notebook: dict[str, Any], names: list[str], k: int, seeds: range) -> dict[str, torch.Tensor]:
    """Accuracies (len(seeds),) of the notebook's methods of these names."""
    curve = notebook["shot_curve"]({name: notebook[name] for name in names}, [k], seeds)
    return {name: values[0] for name, values in curve.items()}


def test_the_texts_are_quoted_to_the_letter(sources: dict[str, str]) -> None:
    for quotation in QUOTATIONS:
        assert f'> "{quotation}"' in sources["header"]
    assert f'> "{QUOTATIONS[0]}"' in sources["reflection-text"]


def test_the_numbers_of_parameters_are_those_of_the_formulas(notebook: dict[str, Any], sources: dict[str, str]) -> None:
    model = notebook["replace_head"](notebook["pretrained"], 10)
    counts = [notebook["trainable_params"](notebook["unfreeze_last"](model, k))[1] for k in range(4)]
    blocks = [9 * 1 * 8 + 2 * 8, 9 * 8 * 16 + 2 * 16, 9 * 16 * 16 + 2 * 16]
    assert [sum(p.numel() for p in block.parameters()) for block in model.blocks] == blocks == [88, 1184, 2336]
    assert counts == [650, 650 + 2336, 650 + 2336 + 1184, 650 + sum(blocks)]
    assert counts[0] == 64 * 10 + 10
    stated = "$650$, $2986$, $4170$, $4258$"
    assert stated in sources["explain-d"]
    assert stated == ", ".join(f"${count}$" for count in counts)
    assert blocks[2] / counts[3] > 0.5
    assert round(100 * counts[0] / counts[3]) == 15


def test_the_backbone_knows_consonants_it_never_saw(notebook: dict[str, Any], sources: dict[str, str]) -> None:
    assert "99%" in sources["theory-data"]
    found = notebook["accuracy"](jamo_net(pretrained=True), *jamo.consonants(60, seed=4321))
    assert found == pytest.approx(0.99, abs=0.01)


def test_only_freezing_keeps_the_consonants_when_blackboard_vowels_are_learnt(notebook: dict[str, Any]) -> None:
    consonants = jamo.consonants(30, seed=7)
    before = notebook["accuracy"](jamo_net(pretrained=True), *consonants)
    ways = {
        "eval": lambda module: module.eval(),
        "requires_grad": lambda module: module.requires_grad_(False),
        "freeze": notebook["freeze"],
    }
    x, y, _, _ = jamo.few_shot(5, seed=0)
    for name, way in ways.items():
        torch.manual_seed(0)
        model = notebook["replace_head"](jamo_net(pretrained=True), 10)
        start = copy.deepcopy(model.features.state_dict())
        way(model.features)
        notebook["train_everything"](model, 1 - x, y, steps=60)
        moved = {key for key, value in model.features.state_dict().items() if not torch.equal(value, start[key])}
        after = notebook["accuracy"](Backbone(model.features, jamo_net(pretrained=True).head), *consonants)
        if name == "freeze":
            assert moved == set()
            assert after == before
        else:
            assert after < 0.2
            assert any("running" in key for key in moved)
            assert any(key.endswith("weight") for key in moved) == (name == "eval")
    assert round(0.9**60, 3) == 0.002


def test_the_head_is_the_same_with_features_drawn_once_or_at_every_step(notebook: dict[str, Any]) -> None:
    x, y, _, _ = jamo.few_shot(5, 1)
    torch.manual_seed(1)
    once = notebook["replace_head"](jamo_net(pretrained=True), 10)
    again = copy.deepcopy(once)
    notebook["train_head"](once, x, y, steps=40)
    notebook["freeze"](again.features)
    notebook["train_everything"](again, x, y, steps=40, lr=0.01)
    assert torch.allclose(once.head.weight, again.head.weight, atol=1e-4)


def test_a_large_rate_spoils_the_backbone_but_not_as_far_as_from_scratch(notebook: dict[str, Any]) -> None:
    x, y, x_test, y_test = jamo.few_shot(5, 0)
    found = {}
    for rate in (1e-4, 1e-1):
        torch.manual_seed(0)
        model = notebook["replace_head"](jamo_net(pretrained=True), 10)
        notebook["fine_tune"](model, x, y, lr_backbone=rate)
        found[rate] = notebook["accuracy"](model, x_test, y_test)
    others = accuracies(notebook, ["frozen", "scratch"], 5, range(1))
    frozen, scratch = others["frozen"].item(), others["scratch"].item()
    assert found[1e-4] > frozen - 0.03
    assert found[1e-1] < frozen - 0.05
    assert found[1e-1] > scratch + 0.08


def test_with_few_shots_frozen_features_are_more_than_twice_as_good_as_scratch(notebook: dict[str, Any]) -> None:
    found = accuracies(notebook, ["scratch", "frozen", "random_frozen"], 1, range(2))
    assert found["frozen"].mean() > 2 * found["scratch"].mean()
    assert bool((found["frozen"] > found["random_frozen"] + 0.2).all())


@pytest.mark.soak
def test_two_shots_give_what_the_model_answer_states_and_frozen_and_fine_tuned_cross(
    notebook: dict[str, Any], sources: dict[str, str]
) -> None:
    found = accuracies(notebook, ["frozen", "scratch", "random_frozen", "tuned"], 2, range(3))
    pattern = r"동결한 백본은 (0\.\d+), 처음부터 배운 것은 (0\.\d+), .* 동결한 것은 (0\.\d+)"
    for name, number in zip(found, re.search(pattern, sources["reflection"]).groups(), strict=False):
        assert found[name].mean().item() == pytest.approx(float(number), abs=0.03)
    assert (found["tuned"] - found["frozen"]).mean() < -0.005
    many = accuracies(notebook, ["frozen", "tuned"], 20, range(1))
    assert bool((many["tuned"] - many["frozen"] > 0.015).all())


def test_random_features_do_not_catch_up(notebook: dict[str, Any]) -> None:
    found = accuracies(notebook, ["frozen", "random_frozen"], 20, range(3))
    assert bool((found["frozen"] > 0.87).all())
    assert bool((found["random_frozen"] < 0.55).all())


def test_releasing_one_block_is_at_least_as_good_as_the_head_alone(notebook: dict[str, Any]) -> None:
    def releasing(count: int) -> Any:
        def method(x: torch.Tensor, y: torch.Tensor) -> nn.Module:
            model = notebook["unfreeze_last"](notebook["replace_head"](notebook["pretrained"], 10), count)
            notebook["fine_tune"](model, x, y)
            return model

        return method

    curve = notebook["shot_curve"]({"0": releasing(0), "1": releasing(1)}, [10], range(2))
    gain = (curve["1"] - curve["0"]).mean()
    assert 0 < gain < 0.05
    assert curve["0"].mean() == pytest.approx(0.89, abs=0.02)
    assert curve["1"].mean() == pytest.approx(0.91, abs=0.02)


def test_figures_of_the_papers_agree_with_their_formulas(sources: dict[str, str]) -> None:
    assert "$1/500 = 0.2\\%$" in sources["theory-unfreeze"]
    assert 1000 / 2 == 500
    assert 1 / 500 == 0.002
    for r, squared in re.findall(r"r = (0\.\d+)\$\(\$r\^2 \\approx (0\.\d+)", sources["theory-kornblith"]):
        assert round(float(r) ** 2, 2) == float(squared)
    assert len(re.findall(r"r\^2", sources["theory-kornblith"])) == 2
    ilsvrc = 1_281_167 + 50_000 + 100_000  # training, validation and test pictures (Russakovsky et al. 2015, table 2)
    assert round(ilsvrc / 100_000) * 10 == 140
    assert "약 140만 장" in sources["header"]


class Residual(nn.Module):
    """Shaped like torchvision's resnet18 as `course.backbones.split` sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6), nn.ReLU())
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(6, 1000)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(torch.flatten(self.avgpool(self.layer1(torch.relu(self.bn1(self.conv1(x))))), 1))


def test_the_cell_on_larger_backbones_goes_the_same_way_with_a_stand_in_for_torchvision(
    notebook: dict[str, Any],
    sources: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    notebook["ready"] = lambda **functions: True
    models = ModuleType("torchvision.models")
    models.get_model = lambda name, weights: Residual()
    monkeypatch.setitem(sys.modules, "torchvision", ModuleType("torchvision"))
    monkeypatch.setitem(sys.modules, "torchvision.models", models)
    exec(sources["experiment-larger"], notebook)
    said = capsys.readouterr().out
    assert "블록 3개, 특성 (10, 6), 배우는 파라미터 70개" in said
    monkeypatch.setitem(sys.modules, "torchvision.models", None)
    exec(sources["experiment-larger"], notebook)
    assert "건너뜁니다" in capsys.readouterr().out
