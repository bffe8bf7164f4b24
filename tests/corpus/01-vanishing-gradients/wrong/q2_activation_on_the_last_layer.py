# about: 마지막 층에도 활성화 함수를 적용한다
# question: q2
# hand: 30% The text forbids it in so many words; everything before the logits is right.
# loses: test_q2_last_output_is_the_logits

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for W, b in zip(Ws, bs):
        z = hs[-1] @ W.T + b
        zs.append(z)
        hs.append(act_and_grad(act, z)[0])
    return zs, hs
