# ruff: noqa
# sigma' of a
# question: q1
# says: z가 아니라 a에서


def act_and_grad(n, z):
    a, da = reference(n, z)
    return a, reference(n, a)[1]
