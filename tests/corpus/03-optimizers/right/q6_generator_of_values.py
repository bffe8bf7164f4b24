# about: f의 값을 내는 제너레이터에서 처음으로 tol 이하인 번호를 찾는다
# question: q6

# %% q6
import itertools


def steps_to_tol(opt, kappa, tol=1e-3, max_steps=10_000, **hp):
    H = torch.diag(torch.tensor([1.0, float(kappa)], dtype=torch.float64))

    def values():
        p, state = torch.tensor([1.0, 1.0], dtype=torch.float64), dict()
        yield 0.5 * p @ H @ p
        for _ in itertools.repeat(None, max_steps):
            p, state = opt(p, H @ p, state, **hp)
            yield 0.5 * p @ H @ p

    return next((float(k) for k, value in enumerate(values()) if value <= tol), np.inf)
