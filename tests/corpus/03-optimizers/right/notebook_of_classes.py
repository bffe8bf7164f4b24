# about: 옵티마이저를 호출할 수 있는 객체로, 학습을 클래스로 적고 기본값을 상수로 모은다

# %% before q1
from dataclasses import dataclass
from functools import partial


class Rule:
    """기억을 다루는 공통 부분"""

    keys = ()

    def memory(self, state, like):
        return [state[k] if k in state else torch.zeros_like(like) for k in self.keys]

    def __call__(self, p, g, state, **hp):
        new_p, *memory = self.step(p, g, *self.memory(state, p), t=state.get("t", 0) + 1, **hp)
        return new_p, {**dict(zip(self.keys, memory)), "t": state.get("t", 0) + 1}

# %% q1
class Sgd(Rule):
    def step(self, p, g, t, lr=0.01):
        return (p - lr * g,)


sgd = Sgd()

# %% q2
class Momentum(Rule):
    keys = ("v",)

    def step(self, p, g, v, t, lr=0.01, beta=0.9):
        v = torch.add(g, v, alpha=beta)
        return p - lr * v, v


momentum = Momentum()

# %% q3
class RmsProp(Rule):
    keys = ("v",)

    def step(self, p, g, v, t, lr=0.01, alpha=0.99, eps=1e-8):
        v = alpha * v + (1 - alpha) * g.pow(2)
        return p - lr * g / (v.sqrt() + eps), v


rmsprop = RmsProp()

# %% q4
class Adam(Rule):
    keys = ("m", "v")

    def step(self, p, g, m, v, t, lr=0.001, betas=(0.9, 0.999), eps=1e-8):
        m = betas[0] * m + (1 - betas[0]) * g
        v = betas[1] * v + (1 - betas[1]) * g.pow(2)
        mh, vh = m / (1 - betas[0] ** t), v / (1 - betas[1] ** t)
        return p - lr * mh / (vh.sqrt() + eps), m, v


adam = Adam()
for rule, name in ((sgd, "sgd"), (momentum, "momentum"), (rmsprop, "rmsprop"), (adam, "adam")):
    rule.__name__ = name

# %% q5
heavy_ball_optimal = lambda mu, L: (4 / (L**0.5 + mu**0.5) ** 2, ((L**0.5 - mu**0.5) / (L**0.5 + mu**0.5)) ** 2)

# %% q7
@dataclass
class Trainer:
    opt: object
    steps: int

    def __call__(self, task, lr):
        p, state = task["start"] + 0, {}
        for _ in range(self.steps):
            q = p.clone().requires_grad_()
            p, state = self.opt(p, torch.autograd.grad(task["loss"](q), q)[0], state, lr=lr)
        return p


def train(opt, task, lr, steps):
    return Trainer(opt, steps)(task, lr)


def lr_sweep(opt, lrs, seeds, make_task, steps):
    trainer = Trainer(opt, steps)
    table = [[(lambda t: float(t["val"](trainer(t, lr))))(make_task(s)) for s in seeds] for lr in lrs]
    return torch.nan_to_num(torch.tensor(table, dtype=torch.float64), nan=math.inf, posinf=math.inf)


def fair_compare(budget, opts, seeds, make_task, steps):
    report = {}
    for name, (opt, low, high) in opts.items():
        lrs = np.exp(np.linspace(np.log(low), np.log(high), budget))
        table = lr_sweep(opt, list(map(float, lrs)), seeds, make_task, steps).numpy()
        i = np.argmin(np.mean(table, axis=1))
        again = partial(Trainer(opt, steps), lr=float(lrs[i]))
        test = np.mean([task["test"](again(task)) for task in (make_task(s) for s in seeds)])
        report[name] = dict(lr=float(lrs[i]), val=float(table[i].mean()), test=float(test))
    return report
