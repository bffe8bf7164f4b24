# about: w의 dtype과 상관없이 float32를 돌려준다
# question: q4
# hand: 15% only the dtype is not kept
# loses: test_q4_returns_a_tensor_like_w

# %% q4
def orthogonal_(w, gen):
    return nn.init.orthogonal_(torch.empty(w.shape), generator=gen)
