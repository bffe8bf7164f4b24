# ruff: noqa
# generator ignored
# question: q8
# says: generator=gen을 넘기지 않았습니다


def wilson_problem(n, p, gen):
    return reference(n, p, torch.default_generator)
