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
kaiming_ = lambda w, mode, gen: _scaled(w, (2 / fans(w.shape)[["fan_in", "fan_out"].index(mode)]) ** 0.5, gen)

# %% q6
C = dict(xavier=1.0, he=2.0, default=1 / 3)
_predict = lambda act, L, scheme, half: torch.tensor([(C[scheme] ** (l + 1) * half[act] ** l) ** 0.5 for l in range(L)])
predict_std = partial(_predict, half={"linear": 1.0, "relu": 0.5})

# %% q7
symmetry_rank = lambda W, tol=1e-6: sum(
    all((W[j] - W[i]).abs().max() > tol for i in range(j)) for j in range(len(W))
)
