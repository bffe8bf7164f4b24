# about: 보조 함수를 풀이 셀 밖에, 일부는 나중 셀에 정의하고 출력과 그림을 많이 남긴다

# %% q1
def act_and_grad(name, z):
    if name not in table:
        raise ValueError(name)
    phi, slope = table[name]
    a = phi(z)
    return a, slope(a).type_as(z)

# %% after q1
table = {
    "sigmoid": (torch.sigmoid, lambda a: a - a.square()),
    "tanh": (torch.tanh, lambda a: 1 - a.square()),
    "relu": (torch.nn.functional.relu, torch.sign),
}
print("표를 만들었습니다:", list(table))

# %% before q3
def output_delta(logits, labels):
    p = logits.softmax(-1)
    return (p - torch.nn.functional.one_hot(labels, logits.size(-1)).to(p)) / labels.numel()

# %% q3
def backward(zs, hs, Ws, act, y):
    answer = [output_delta(zs[-1], y)]
    for l in range(len(Ws) - 1, 0, -1):
        answer = [answer[0].matmul(Ws[l]) * act_and_grad(act, zs[l - 1])[1], *answer]
    return answer

# %% after q3
fig, ax = plt.subplots()
ax.plot([norm.norm().item() for norm in backward(*forward(torch.randn(4, 3), [torch.randn(3, 3)] * 5, [torch.zeros(3)] * 5, "tanh"), [torch.randn(3, 3)] * 5, "tanh", torch.tensor([0, 1, 2, 0]))])
plt.show()
for i in range(30):
    print("확인", i)
