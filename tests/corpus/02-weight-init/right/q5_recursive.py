# about: 재귀로 계산하고 원소의 수로 나눈다
# question: q5

# %% q5
def propagate(Ws, x, act):
    if not Ws:
        return torch.empty(0, dtype=x.dtype)
    z = nn.functional.linear(x, Ws[0])
    here = (z - z.mean()).pow(2).mean().sqrt().reshape(1)
    return torch.cat([here, propagate(Ws[1:], PHI[act](z), act)])
