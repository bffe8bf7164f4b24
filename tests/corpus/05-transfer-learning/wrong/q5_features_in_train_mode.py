# about: 헤드만 옵티마이저에 넘기지만 훈련 모드에서 학습한다
# question: q5
# hand: 55% features of train mode and moving statistics, two of three rules, are wrong
# loses: test_q5_backbone_stays_bit_for_bit
# loses: test_q5_head_equals_that_of_adam_on_fixed_features

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    model.train()
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
