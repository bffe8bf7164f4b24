# ruff: noqa
# one seed for all depths
# question: q7
# says: 시드를 맨 앞에서 한 번만


def depth_sweep(act, depths, seed, data, **k):
    return {d: reference(act, [d], seed + i, data, **k)[d] for i, d in enumerate(depths)}
