# ruff: noqa: F821  (`student` is put into this namespace by the sandbox: the student's own functions)
"""Probes of assignment 05: run inside the sandbox next to the student's code and return plain data.

What a probe needs of this file is sent into the sandbox, where the student's code can read it, so there is no expected
value and no hint in it. Networks are built from the plan a test sends, and every report is numbers and tensors by name.
Stand-ins replace an earlier question's function when a failed test is run again: an error carried forward is not
punished twice.
"""

from collections import OrderedDict

import torch
from torch import nn

from course.backbones import Backbone

STAYS = {
    "freeze": "changes the module it is given",
    "replace_head": "takes a module and returns one",
    "trainable_params": "returns the module's own parameters",
    "extract_features": "runs the module it is given",
    "train_head": "trains the module it is given",
}


def stand_in_freeze(module):
    """Freeze a module; the earlier question's function where the student's own is wrong."""
    from functools import partial

    def stay(module, mode=True):
        return module

    for parameter in module.parameters():
        parameter.requires_grad_(False)
        parameter.grad = None
    module.eval()
    module.train = partial(stay, module)  # a deep copy's train() gives the copy
    return module


def stand_in_replace_head(model, n):
    """Return an independent copy with a new head of n outputs; where the student's own is wrong."""
    import copy

    new = copy.deepcopy(model)
    new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    return new


def stand_in_trainable_params(model):
    """Return (parameters that train, how many numbers they hold); where the student's own is wrong."""
    params = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return params, sum(parameter.numel() for parameter in params)


def stand_in_extract_features(backbone, X, bs):
    """Return the features (N, F) in evaluation mode; where the student's own is wrong."""
    modes = [(module, module.training) for module in backbone.modules()]
    backbone.eval()
    with torch.no_grad():
        found = torch.cat([backbone.features(rows) for rows in X.split(bs)])
    for module, mode in modes:
        module.training = mode
    return found


def stand_in_train_head(model, x, y, steps=150, lr=0.01):
    """Train the head on fixed features; where the student's own is wrong."""
    features = stand_in_extract_features(model, x, 64)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


# -- question 1 ------------------------------------------------------------------------------------------------------


def freeze_and_train(plan, part, x, y, before=0, steps=3, options=None):
    """Train with one optimizer `before` steps, freeze `part`, train on in train mode; tell both states.

    Gradients are set to zero, not to None, at each step, as with ``zero_grad(set_to_none=False)``.
    """
    model = _build(plan)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, **(options or {}))
    _steps(model, optimizer, x, y, before)
    module = model.get_submodule(part)
    returned = student.freeze(module)
    at = _state(model)
    _steps(model, optimizer, x, y, steps)
    return {"same": returned is module, "at": at, "after": _state(model)}


def freeze_and_forward(plan, part, x, rounds=3):
    """Freeze `part` and run the model in train mode, switched on from outside and from inside; tell states and outputs.

    "inside" are the outputs of the features in train mode.
    """
    model = _build(plan)
    model.train()
    module = model.get_submodule(part)
    student.freeze(module)
    at = _state(model)
    outputs = []
    for _ in range(rounds):
        model.eval()
        model.train()
        module.train()
        outputs.append(model.features(x).detach())
    return {"at": at, "after": _state(model), "outputs": outputs}


# -- question 2 ------------------------------------------------------------------------------------------------------


def replace(plan, n, x, y, frozen=False, cast=True):
    """Call replace_head; tell what both models are, and what training the new one does to them.

    Args:
        frozen: switch every parameter off first.
        cast: bring the new model to float64 before it is used, whatever the head's type.
    """
    model = _build(plan)
    model.eval()
    if frozen:
        model.requires_grad_(False)  # as one who froze by hand
    new = student.replace_head(model, n)
    if cast and new is not model:
        new.to(torch.float64)
    new.eval()
    logits = new(x).detach()
    features = new.features(x).detach()
    report = {
        "logits": logits,
        "features": features,
        "composed": new.head(new.features(x)).detach(),
        "new": _state(new),
        "old": _state(model),
        "old_logits": model(x).detach(),
    }
    learning = [p for p in new.parameters() if p.requires_grad]
    if learning and logits.dim() == 2:
        _steps(new, torch.optim.SGD(learning, lr=0.1), x, y % logits.shape[1], 2)  # as many classes as it has
    return {**report, "new_trained": _state(new), "old_then": _state(model)}


# -- question 3 ------------------------------------------------------------------------------------------------------


def trainable(plan, fixed):
    """Call trainable_params with the parameters named in `fixed` switched off; tell the names of those listed."""
    model = _build(plan)
    named = dict(model.named_parameters())
    for name in fixed:
        named[name].requires_grad_(False)
    return _listed(model, student.trainable_params(model))


def trainable_shared(width):
    """Call trainable_params on a model that uses one layer twice."""
    layer = nn.Linear(width, width)
    return _listed(nn.Sequential(layer, nn.ReLU(), layer, nn.Linear(width, 2)), None, student.trainable_params)


# -- question 4 ------------------------------------------------------------------------------------------------------


def extract(plan, X, sizes, mode="eval"):
    """Call extract_features with each batch size; tell answers, rows in each forward pass, states and modes.

    Args:
        mode: "eval", "train", or "mixed" (in training but for the BatchNorm layers).
    """
    model = _build(plan)
    model.train(mode != "eval")
    if mode == "mixed":
        for module in model.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                module.eval()
    rows = []
    model.features.first[0].register_forward_pre_hook(lambda module, inputs: rows.append(len(inputs[0])))
    before = [bool(module.training) for module in model.modules()]
    answers, seen, after = [], [], []
    for size in sizes:
        answers.append(student.extract_features(model, X, size))
        seen.append(list(rows))
        rows.clear()
        after.append([bool(module.training) for module in model.modules()])
    return {"answers": answers, "rows": seen, "state": _state(model), "before": before, "after": after}


def extract_and_learn(plan, X, y, size):
    """Call extract_features, then train a linear layer on what came back.

    Returns: {"tracked": whether what came back requires a gradient, "before", "after": the layer's weight, "grads": for
        each parameter of the model whether it has a gradient now}.
    """
    model = _build(plan)
    found = student.extract_features(model, X, size)
    tracked = bool(found.requires_grad)
    rows = found.flatten(1)
    head = nn.Linear(rows.shape[1], int(y.max()) + 1, dtype=found.dtype)
    before = head.weight.detach().clone()
    nn.functional.cross_entropy(head(rows), y).backward()
    torch.optim.SGD(head.parameters(), lr=0.1).step()
    grads = [p.grad is not None for p in model.parameters()]
    return {"tracked": tracked, "before": before, "after": head.weight.detach().clone(), "grads": grads}


# -- questions 5 and 6 -----------------------------------------------------------------------------------------------


def head_training(plan, x, y, options, training=True):
    """Call train_head on a new model; tell its answer and the state after it."""
    model = _build(plan)
    model.train(training)
    losses = student.train_head(model, x, y, **options)
    return {"losses": losses, "after": _state(model)}


def fine_tuning(plan, x, y, options, training=True, held=""):
    """Call fine_tune on a new model; tell its answer, the state after it and the rows of each forward pass.

    `held` names a part that is frozen first: no gradients, and no train mode.
    """
    model = _build(plan)
    if held:
        part = model.get_submodule(held)
        part.requires_grad_(False)
        part.eval()
        part.train = lambda mode=True: part
    model.train(training)
    rows = []
    model.features.first[0].register_forward_pre_hook(lambda module, inputs: rows.append(inputs[0].detach().clone()))
    losses = student.fine_tune(model, x, y, **options)
    return {"losses": losses, "after": _state(model), "batches": rows}


def head_left_out_and_stated(plan, x, y, given, stated):
    """Return the states after train_head with the arguments `stated` left out, and with them."""
    return _left_out_and_stated(student.train_head, plan, x, y, given, stated)


def tuning_left_out_and_stated(plan, x, y, given, stated):
    """Return the states after fine_tune with the arguments `stated` left out, and with them."""
    return _left_out_and_stated(student.fine_tune, plan, x, y, given, stated)


def passes_by_default(x, y):
    """Call fine_tune with `steps` left out on the smallest model there is; tell how many forward passes it makes.

    x is (N, 2), y has two classes.
    """
    model = Backbone(nn.Sequential(nn.Linear(2, 1, bias=False)), nn.Linear(1, 2)).to(x.dtype)
    passes = []
    model.features[0].register_forward_pre_hook(lambda module, inputs: passes.append(len(inputs[0])))
    student.fine_tune(model, x, y, lr_backbone=0.004, lr_head=0.02)
    return len(passes)


# -- question 7 ------------------------------------------------------------------------------------------------------


def shots_of_fixed_models(table, ks, seeds, weights, noisy=False):
    """Call shot_curve with methods that give linear models of stated weights, whatever they are shown.

    With `noisy` the models come in training mode with dropout in front.
    """

    def method_of(weight):
        def method(x, y):
            model = nn.Sequential(
                nn.Dropout(0.9 if noisy else 0.0), nn.Linear(weight.shape[1], len(weight), bias=False)
            )
            model[1].weight = nn.Parameter(weight.clone())
            return model.train().to(weight.dtype)

        return method

    methods = {name: method_of(weight) for name, weight in weights.items()}
    return student.shot_curve(methods, ks, seeds, lambda k, seed: _few_shot(table[k, seed]))


def shots_of_watching_methods(table, ks, seeds, names):
    """Call shot_curve with methods that note what they are given and a random number; tell the notes by method."""
    notes = {name: [] for name in names}

    def method_of(name, thirst):
        def method(x, y):
            notes[name].append((x.clone(), y.clone(), float(torch.rand((), dtype=torch.float64))))
            torch.rand(thirst)
            return nn.Linear(x.shape[1], int(y.max()) + 1, dtype=x.dtype)

        return method

    methods = {name: method_of(name, index + 1) for index, name in enumerate(names)}
    student.shot_curve(methods, ks, seeds, lambda k, seed: _few_shot(table[k, seed]))
    return notes


def shots_of_vowels(k, seeds, steps, lr):
    """Call shot_curve on vowels with the shipped backbone and with a random one, both frozen.

    The shots are marked by a corner just below 0, where no pixel is, and the models are wrong on them after training.
    """
    from functools import cache

    from course import jamo
    from course.backbones import jamo_net

    test = jamo.few_shot(k, 0, test_per_class=10)[2:]  # the same for every k and seed

    @cache
    def shots(k, seed):
        x, y, _, _ = jamo.few_shot(k, seed, test_per_class=0)
        x[:, 0, 0, 0] = -1e-6
        return x, y

    def frozen(pretrained):
        def method(x, y):
            model = student.replace_head(jamo_net(pretrained=pretrained), len(jamo.VOWELS))
            student.train_head(model, x, y, steps=steps, lr=lr)
            return _WrongOnMarked(model)

        return method

    methods = {"pretrained": frozen(True), "random": frozen(False)}
    return student.shot_curve(methods, [k], seeds, lambda k, seed: _few_shot((*shots(k, seed), *test)))


class _WrongOnMarked(nn.Module):
    """A model whose scores have the other sign where a picture's corner is below 0."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        scores = self.model(x)
        return torch.where((x[:, 0, 0, 0] < 0)[:, None], -scores, scores)


# -- question 8 ------------------------------------------------------------------------------------------------------


def unfreeze_and_train(plan, ks, x, y, steps=2):
    """Call unfreeze_last with each k in turn on one model, and train in train mode in between; tell the states."""
    model = _build(plan)
    reports = []
    for k in ks:
        same = student.unfreeze_last(model, k) is model
        at = _state(model)
        _steps(model, torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01), x, y, steps)
        reports.append({"same": same, "at": at, "after": _state(model)})
    return reports


# -- question 9 ------------------------------------------------------------------------------------------------------


def budgets(plan, n, sums, x, y, steps=2):
    """Call within_budget on one model with each budget in turn and train each answer; tell states and outputs.

    Every answer is brought to float64, whatever the types of its layers. "features" and "logits" are those in train
    mode before any training; "old" is the state of the model that was given, after everything.
    """
    model = _build(plan)
    answers = []
    for budget in sums:
        new = student.within_budget(model, n, budget)
        if new is not model:
            new.to(torch.float64)
        new.train()
        before = {"features": new.features(x).detach(), "logits": new(x).detach(), "at": _pairs(new)}
        _steps(new, torch.optim.Adam(new.parameters(), lr=0.01), x, y % before["logits"].shape[-1], steps)
        answers.append({**before, "after": _pairs(new)})
    return {"answers": answers, "old": _state(model)}


def budget_kept_type(plan, n, budget, x):
    """Call within_budget and run its answer as it came, in evaluation mode; tell the scores."""
    return student.within_budget(_build(plan), n, budget).eval()(x).detach()


def vowels_within(sums, k, seed, steps, lr):
    """Call within_budget on the shipped backbone with each budget, then train each answer on k shots of each vowel.

    Returns: for each budget {"at", "after": states, "scores": (M, C) of the test vowels, in evaluation mode}, and the
        test vowels' classes.
    """
    from course import jamo
    from course.backbones import jamo_net

    x, y, x_test, y_test = jamo.few_shot(k, seed, test_per_class=20)
    model = jamo_net(pretrained=True)
    torch.manual_seed(seed)
    answers = []
    for new in [student.within_budget(model, len(jamo.VOWELS), budget) for budget in sums]:
        at = _pairs(new)
        _steps(new, torch.optim.Adam(new.parameters(), lr=lr), x, y, steps)
        new.eval()
        answers.append({"at": at, "after": _pairs(new), "scores": new(x_test).detach()})
    return {"answers": answers, "y": y_test}


# -- helpers ---------------------------------------------------------------------------------------------------------


def _build(plan):
    channels, height, width, one, two, out, classes = plan["sizes"]
    norm = plan["norm"]
    flat = two * (height - 2) * (width - 2)

    def layers(layer, normed):
        return [layer, normed if norm else nn.Identity()]

    first = nn.Sequential(*layers(nn.Conv2d(channels, one, 2, bias=not norm), nn.BatchNorm2d(one)), nn.ReLU())
    inner = nn.Sequential(*layers(nn.Conv2d(one, two, 2, bias=not norm), nn.BatchNorm2d(two)))
    second = nn.Sequential(OrderedDict(inner=inner, act=nn.ReLU()))
    third = nn.Sequential(*layers(nn.Linear(flat, out, bias=not norm), nn.BatchNorm1d(out)), nn.ReLU())
    parts = OrderedDict(first=first, second=second, flat=nn.Flatten(), third=third, drop=nn.Dropout(plan["dropout"]))
    model = Backbone(nn.Sequential(parts), nn.Linear(out, classes)).to(torch.float64)
    model.load_state_dict(plan["state"])
    return model


def _state(model):
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


def _pairs(model):
    return [(name, tensor) for name, tensor in _state(model).items()]


def _left_out_and_stated(call, plan, x, y, given, stated):
    states = []
    for options in (given, {**given, **stated}):
        torch.manual_seed(5)
        model = _build(plan)
        call(model, x, y, **options)
        states.append(_state(model))
    return states


def _steps(model, optimizer, x, y, steps):
    for _ in range(steps):
        model.train()
        optimizer.zero_grad(False)
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def _listed(model, answer, function=None):
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    if function is not None:
        answer = function(model)
    params, count = answer
    params = list(params)
    return {
        "names": [names.get(id(parameter), "") for parameter in params],
        "count": count,
        "learning": [name for name, parameter in model.named_parameters() if parameter.requires_grad],
    }


def _few_shot(row):
    from course.jamo import FewShot

    return FewShot(*(tensor.clone() for tensor in row))
