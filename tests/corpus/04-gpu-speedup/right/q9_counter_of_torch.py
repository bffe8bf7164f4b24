# about: torch의 FlopCounterMode로 층마다 센다
# question: q9

# %% q9
from torch.utils.flop_counter import FlopCounterMode


def model_flops(model, input_shape):
    net = copy.deepcopy(model).to("meta", torch.float32).eval()
    x, found = torch.empty(1, *input_shape, device="meta"), []
    for layer in net.modules():
        if isinstance(layer, nn.Sequential):
            continue
        with FlopCounterMode(display=False) as counter:
            x = layer(x)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            found.append(counter.get_total_flops())
    return found
