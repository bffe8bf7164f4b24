# about: 단계마다 평가 모드의 특성을 detach하여 쓰고 튜플을 돌려준다
# question: q5

# %% q5
def train_head(model, x, y, steps=150, lr=0.01):
    model.eval()
    opt = torch.optim.Adam([{"params": list(model.head.parameters())}], lr=lr)

    def step():
        opt.zero_grad()
        loss = nn.functional.nll_loss(model.head(model.features(x).detach()).log_softmax(dim=1), y)
        loss.backward()
        opt.step()
        return loss.item()

    return tuple(step() for _ in range(steps))
