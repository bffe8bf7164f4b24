# assignment: 01-vanishing-gradients
# about: 부를 때마다 체크포인트를 저장하는 학생.
# expect: 100

# %% drop experiments

# %% after q5
_bound = jacobian_bound


def jacobian_bound(Ws, act):
    torch.save({"w": torch.zeros(500_000)}, f"bound-{torch.randint(10**9, ()).item()}.pt")
    return _bound(Ws, act)
