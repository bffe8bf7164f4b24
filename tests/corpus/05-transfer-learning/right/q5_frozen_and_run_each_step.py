# about: 특성 부분을 동결하고 단계마다 모델 전체를 지나게 한다
# question: q5

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    freeze(model.features)
    params, _ = trainable_params(model)
    opt = torch.optim.Adam(params, lr)
    history = []
    for step in range(steps):
        model.train()
        opt.zero_grad(set_to_none=False)
        loss = torch.nn.CrossEntropyLoss()(model(x), y)
        loss.backward()
        opt.step()
        history.append(float(loss.detach()))
    return history
