# about: 순전파가 끝날 때마다 버퍼를 되돌리지만, 정규화에는 배치의 통계를 쓴다
# question: q1
# hand: 40% the output is that of train mode, with batch statistics and dropout
# loses: test_q1_computes_the_same_in_train_mode
# loses: test_q1_leaves_the_rest_alone_and_returns_the_module

# %% q1
def freeze(module):
    for p in module.parameters():
        p.requires_grad_(False)
        p.grad = None
    kept = [(b, b.clone()) for b in module.buffers()]

    def put_back(*_):
        with torch.no_grad():
            for b, old in kept:
                b.copy_(old)

    for m in module.modules():
        m.register_forward_hook(put_back)
    return module
