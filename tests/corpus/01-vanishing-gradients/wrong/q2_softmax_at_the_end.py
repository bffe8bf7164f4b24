# about: 마지막 층의 출력을 소프트맥스 확률로 바꾼다
# question: q2
# hand: 30% The text forbids it in so many words; everything before the logits is right.
# loses: test_q2_last_output_is_the_logits

# %% q2
def forward(x, Ws, bs, act):
    zs, hs = [], [x]
    for l in range(len(Ws)):
        z = hs[l] @ Ws[l].T + bs[l]
        zs.append(z)
        hs.append(torch.softmax(z, dim=1) if l == len(Ws) - 1 else act_and_grad(act, z)[0])
    return zs, hs
