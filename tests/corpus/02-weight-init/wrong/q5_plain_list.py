# about: 텐서가 아니라 파이썬 리스트를 돌려준다
# question: q5
# hand: 15% the numbers are right, only the kind of the result is not
# loses: test_q5_one_number_for_each_layer

# %% q5
def propagate(Ws, x, act):
    stds, h = [], x
    for W in Ws:
        z = h @ W.T
        stds.append(z.std().item())
        h = PHI[act](z)
    return stds
