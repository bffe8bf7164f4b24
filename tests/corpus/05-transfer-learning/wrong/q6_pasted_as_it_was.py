# about: 고장 난 함수를 고치지 않고 그대로 붙인다
# question: q6
# hand: 100% no fault is mended
# loses: test_q6_backbone_and_head_learn
# loses: test_q6_trains_in_train_mode
# loses: test_q6_each_part_has_its_own_rate
# loses: test_q6_equals_adam_with_two_groups
# loses: test_q6_steps_batch_and_defaults
# loses: test_q6_frozen_blocks_stay_frozen

# %% q6
import torch.nn.functional as F


def fine_tune(model, x, y, steps=150, lr_backbone=0.005, lr_head=0.01, batch=64):
    optimizer = torch.optim.Adam(model.features.parameters(), lr=lr_backbone)
    model.eval()
    losses = []
    for _ in range(steps):
        rows = torch.randint(len(x), (batch,))
        inputs, targets = x[rows], y[rows]
        F.cross_entropy(model(inputs), targets).backward()
        optimizer.step()
        losses.append(F.cross_entropy(model(inputs), targets).item())
    return losses
