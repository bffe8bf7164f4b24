# about: def 대신 lambda와 functools.partial로 함수를 정의하고 import를 다시 한다

# %% q1
import math
from functools import partial


def _too_short(shape):
    raise ValueError("축이 둘보다 적습니다")


fans = lambda s: _too_short(s) if len(s) < 2 else (math.prod(s[1:]), s[0] * math.prod(s[2:]))


# %% q2
def _scaled(w, std, gen):
    return torch.empty_like(w).detach().normal_(generator=gen).mul(std)


xavier_ = lambda w, gain, gen: _scaled(w, gain * (2 / sum(fans(w.shape))) ** 0.5, gen)

# %% q3
kaiming_ = lambda w, mode, gen, slope=0.0: _scaled(
    w, (2 / (1 + slope * slope) / fans(w.shape)[["fan_in", "fan_out"].index(mode)]) ** 0.5, gen
)

# %% q6
from itertools import accumulate

C = dict(xavier=1.0, he=2.0, default=1 / 3)
U = torch.linspace(-9, 9, 3001, dtype=torch.float64)
P = torch.softmax(-U * U / 2, 0)
_next = lambda act, c: lambda q, _: c * float(P @ PHI[act](q**0.5 * U) ** 2)
_predict = lambda act, L, scheme, table: torch.tensor(
    [q**0.5 for q in accumulate(range(L - 1), _next(act, table[scheme]), initial=table[scheme])]
)
predict_std = partial(_predict, table=C)


# %% q7
def _fit(W, h, f, tol, left):
    v = f(h @ W.T).var()
    return W if left == 0 or abs(v - 1) <= tol else _fit(W / v.sqrt(), h, f, tol, left - 1)


def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    fitted = []
    for W in Ws:
        fitted.append(_fit(W, x, PHI[act], tol, max_steps))
        x = PHI[act](x @ fitted[-1].T)
    return fitted
