"""Randomness and clocks in a suite that no secret seeds: two students, or two runs, would meet different tests.

What counts is a table. Before each test the judge seeds the global generators from the course's secret, so a global
draw inside a test is the same for everybody; but it moves with every other draw before it, and outside a test nothing
has been seeded. Both are told: inputs come from the fixtures ``rng`` and ``generator``. Where a line does it on
purpose, a comment in it allows it by the name in the message: ``# lint: allow torch.randn``. ``probes.py`` is not
looked at: it runs in the sandbox.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.findings import Finding
from autograder.korean import fill
from autograder.lint.modules import Module

__all__ = ["allowed_in", "unseeded"]

_ALLOWED = re.compile(r"#\s*lint:\s*allow\s+([\w.,\t -]+)")
_LEGACY = {  # of numpy.random: whatever draws from its global state
    *("rand", "randn", "randint", "random", "random_sample", "ranf", "sample", "choice", "shuffle", "permutation"),
    *("normal", "uniform", "standard_normal", "beta", "binomial", "exponential", "gamma", "poisson", "multinomial"),
    *("multivariate_normal", "laplace", "lognormal", "bytes", "random_integers"),
}
_TORCH = {  # of torch: whatever draws from its global state unless it is given a generator
    *("rand", "randn", "randint", "randperm", "normal", "bernoulli", "multinomial", "poisson", "rand_like"),
    *("randn_like", "randint_like"),
}
_IN_PLACE = {"normal_", "uniform_", "random_", "bernoulli_", "exponential_", "cauchy_", "geometric_", "log_normal_"}
"""Methods of a tensor that fill it with random numbers."""
_CLOCKS = {"time", "time_ns", "perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time"}
_GLOBAL = "전역 난수를 씁니다. fixture rng나 generator에서 뽑으세요."
_NEW_SEED = "실행할 때마다 다른 수가 나옵니다. fixture rng나 generator를 쓰세요."
_CLOCK = "시계를 읽습니다. 결과가 컴퓨터의 속도에 달라지므로 테스트에서는 쓸 수 없습니다."
_HASH = "문자열의 hash 값은 실행할 때마다 다릅니다."


def unseeded(module: Module) -> list[Finding]:
    """Return each call of a file that draws or reads what no secret seeds, in the order of lines."""
    names = _imports(module)
    lines = module.text.splitlines()
    found = []
    for node in module.nodes:
        if not isinstance(node, ast.Call):
            continue
        name = _dotted(node.func, names)
        why = _why(name, node)
        if why and not _is_allowed(lines, node, name):
            text = fill("{name}{name:은/는} {why}", name=name, why=why)
            found.append(Finding("unseeded-randomness", text, module.name, node.lineno, f"# lint: allow {name}"))
    return sorted(found, key=lambda finding: finding.line)


def allowed_in(line: str) -> list[str]:
    """Return the names that a line's comment allows."""
    allowed = _ALLOWED.search(line)
    return re.split(r"[\s,]+", allowed[1].strip()) if allowed else []


def _why(name: str, call: ast.Call) -> str:
    """Return in Korean why a call is not repeatable, or ""."""
    owner, _, last = name.rpartition(".")
    bare = not call.args and not call.keywords
    if owner == "random" and last != "seed":
        fresh = last == "SystemRandom" or (last == "Random" and bare)
        return _NEW_SEED if fresh else "" if last == "Random" else _GLOBAL
    if owner == "numpy.random":
        fresh = last in ("default_rng", "RandomState", "SeedSequence", "PCG64") and (bare or _is_none(call))
        return _NEW_SEED if fresh else _GLOBAL if last in _LEGACY else ""
    if (owner == "torch" and last in _TORCH) or (owner == "Tensor" and last in _IN_PLACE):
        return "" if any(keyword.arg in ("generator", None) for keyword in call.keywords) else _GLOBAL
    if name in ("random.seed", "numpy.random.seed") and bare:
        return _NEW_SEED
    if name in ("torch.seed", "torch.random.seed", "os.urandom") or owner in ("uuid", "secrets"):
        return _NEW_SEED
    if (owner == "time" and last in _CLOCKS) or (owner.endswith("datetime") and last in ("now", "utcnow", "today")):
        return _CLOCK
    return _HASH if name == "hash" and call.args and _is_text(call.args[0]) else ""


def _is_none(call: ast.Call) -> bool:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return len(values) == 1 and isinstance(values[0], ast.Constant) and values[0].value is None


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in ("str", "repr")
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _is_allowed(lines: list[str], call: ast.Call, name: str) -> bool:
    last = call.end_lineno or call.lineno
    return any(name in allowed_in(line) for line in lines[call.lineno - 1 : last])


def _imports(module: Module) -> dict[str, str]:
    """Return what each imported name means: ``np`` is ``numpy``, ``randn`` may be ``torch.randn``."""
    return dict(_meanings(module))


def _meanings(module: Module) -> Iterator[tuple[str, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.partition(".")[0],) * 2
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """Return the full name of what is called, "" where it is no name of a module."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id if node.id == "hash" else "")
    if not isinstance(node, ast.Attribute):
        return ""
    owner = _dotted(node.value, names)
    if not owner and node.attr in _IN_PLACE and getattr(node.value, "id", "") not in ("student", "reference"):
        return f"Tensor.{node.attr}"
    return f"{owner}.{node.attr}" if owner else ""
