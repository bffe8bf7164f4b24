# about: 헤드를 옵티마이저에 넘기지 않는다
# question: q5
# hand: 80% nothing learns, only the first loss is right
# loses: test_q5_backbone_stays_bit_for_bit
# loses: test_q5_head_learns
# loses: test_q5_losses_before_each_step
# loses: test_q5_head_equals_that_of_adam_on_fixed_features
# loses: test_q5_steps_and_rate_are_used

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    features = extract_features(model, x, 256)
    optimizer = torch.optim.Adam([p for p in model.features.parameters()], lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model.head(features), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
