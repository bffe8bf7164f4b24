# about: 복사본에 제자리 연산을 쓴다
# question: q3

# %% q3
def rmsprop(p, g, state, lr=0.01, alpha=0.99, eps=1e-8):
    square_avg = state["square_avg"].clone() if state else torch.zeros_like(p)
    square_avg.mul_(alpha).addcmul_(g, g, value=1 - alpha)
    new_state = {"square_avg": square_avg}
    return p.clone().addcdiv_(g, square_avg.sqrt().add_(eps), value=-lr), new_state
