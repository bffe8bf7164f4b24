# assignment: 04-gpu-speedup
# about: 틀린 to_device와 맞는 train_step이 저마다 300 MB를 들고 있는 학생. 두 갈래의 메모리를 합쳐 세지 않습니다.
# expect: 95
# loses: test_q6_a_container_as_a_whole, test_q6_containers_and_other_values_stay, test_q6_tensors_are_moved_however_deep_they_lie
# loses: test_q6_the_container_handed_in_is_not_changed, test_q6_values_shapes_and_types_stay
# limits: memory_mb=512

# %% drop experiments

# %% q6
cache = {}


def to_device(obj, device):
    return None


def train_step(model, batch, loss_fn, optimizer, device):
    if "work" not in cache:
        cache["work"] = torch.ones(300 * 2**18)
    inputs, targets = to_device(batch, device)
    optimizer.zero_grad()
    loss = loss_fn(model(inputs), targets)
    loss.backward()
    optimizer.step()
    return loss.detach()

# %% after q6-check
cache.clear()
