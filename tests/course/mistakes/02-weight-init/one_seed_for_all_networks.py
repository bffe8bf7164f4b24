# ruff: noqa
# one seed for all networks
# question: q8
# says: 시드를 맨 앞에서 한 번만


def init_sweep(inits, depths, seed, data, **k):
    return {
        name: {d: reference({name: init}, [d], seed + i, data, **k)[name][d] for i, d in enumerate(depths)}
        for name, init in inits.items()
    }
