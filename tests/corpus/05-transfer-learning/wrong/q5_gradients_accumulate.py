# about: zero_grad를 부르지 않는다
# question: q5
# hand: 50% every step after the first is wrong, the frame is right
# loses: test_q5_head_equals_that_of_adam_on_fixed_features

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam(model.head.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
