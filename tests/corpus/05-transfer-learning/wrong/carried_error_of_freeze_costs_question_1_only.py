# about: 동결이 샌다(통계가 움직인다). 그 함수를 쓰는 문제 5와 8에서는 다시 점수를 잃지 않는다
# loses: test_q1_an_earlier_optimizer_moves_nothing
# loses: test_q1_running_statistics_survive_train
# loses: test_q1_computes_the_same_in_train_mode

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad = False
    return module

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    freeze(model.features)
    model.train()
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
