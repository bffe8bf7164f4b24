# about: 메모리에 저장했다가 다시 읽고, 헤드를 0으로 초기화한다
# question: q2

# %% q2
import io


def replace_head(model, n):
    buffer = io.BytesIO()
    torch.save(model.state_dict(), buffer)
    buffer.seek(0)
    new = copy.deepcopy(model)
    new.load_state_dict(torch.load(buffer))
    new.head = nn.Linear(model.num_features, n, dtype=next(model.parameters()).dtype)
    nn.init.zeros_(new.head.weight)
    nn.init.zeros_(new.head.bias)
    return new
