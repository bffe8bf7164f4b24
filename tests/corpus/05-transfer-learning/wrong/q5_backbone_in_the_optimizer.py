# about: 모델 전체를 옵티마이저에 넘긴다
# question: q5
# hand: 50% the features learn although they must stay to the bit, so the losses are others too
# loses: test_q5_backbone_stays_bit_for_bit
# loses: test_q5_head_equals_that_of_adam_on_fixed_features

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    model.eval()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
