# about: no_grad 안에서 순전파하여, 가운데를 동결하면 앞쪽 블록도 배우지 못한다
# question: q1
# hand: 30% the fourth result is missing: no gradient passes to what stands in front
# loses: test_q1_leaves_the_rest_alone_and_returns_the_module

# %% q1
def freeze(module):
    """requires_grad는 손대지 않습니다. 기울기가 아예 생기지 않으면 옵티마이저가 건너뜁니다."""
    module.zero_grad(set_to_none=True)
    plain_forward = module.forward

    def forward(*args, **kwargs):
        module.eval()
        with torch.no_grad():
            return plain_forward(*args, **kwargs)

    module.forward = forward
    for m in module.modules():
        m.training = False
        m.train = (lambda me: lambda mode=True: me)(m)
    return module
