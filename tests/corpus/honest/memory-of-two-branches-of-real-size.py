# assignment: 04-gpu-speedup
# about: 틀린 to_device와 맞는 train_step이 저마다 1.2 GB를 들고 있는 학생, 과제의 한도 그대로.
# expect: 95
# loses: test_q6_a_container_as_a_whole, test_q6_containers_and_other_values_stay, test_q6_tensors_are_moved_however_deep_they_lie
# loses: test_q6_the_container_handed_in_is_not_changed, test_q6_values_shapes_and_types_stay
# soak: yes

# %% drop experiments

# %% q6
cache = {}


def to_device(obj, device):
    return None


def train_step(model, batch, loss_fn, optimizer, device):
    if "work" not in cache:
        cache["work"] = torch.ones(1200 * 2**18)
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()

# %% after q6-check
cache.clear()
