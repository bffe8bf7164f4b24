# ruff: noqa
# relu' stays boolean
# question: q1
# says: dtype이


def act_and_grad(n, z):
    a, da = reference(n, z)
    return a, (z > 0 if n == "relu" else da)
