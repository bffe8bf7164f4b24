# about: 훈련 모드의 모델에 그대로 순전파하여 배치 정규화의 버퍼를 바꾼다
# question: q4
# hand: 25% The text names buffers among what must stay.
# loses: test_q4_leaves_the_buffers_as_they_were
# loses: test_q4_measures_and_leaves_no_trace

# %% q4
def grad_norms(model, x, y):
    outputs, weights = [], []

    def keep(module, inputs, output):
        outputs.append(output)
        weights.append(module.weight)
        return output.clone()

    handles = [m.register_forward_hook(keep) for m in model.modules() if isinstance(m, nn.Linear)]
    try:
        loss = torch.nn.functional.cross_entropy(model(x), y)
    finally:
        for handle in handles:
            handle.remove()
    norms = torch.stack([g.norm() for g in torch.autograd.grad(loss, outputs + weights)])
    return {"delta": norms[: len(outputs)], "weight": norms[len(outputs) :]}
