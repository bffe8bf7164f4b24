# about: 함수 대신 __call__이 있는 객체를 쓰고 ValueError를 상속한 예외를 낸다
# question: q1

# %% q1
class UnknownActivation(ValueError):
    pass


class ActivationWithSlope:
    def sigmoid(self, z):
        s = torch.exp(torch.nn.functional.logsigmoid(z))
        return s, s * torch.exp(torch.nn.functional.logsigmoid(-z))

    def tanh(self, z):
        s, ds = self.sigmoid(2 * z)
        return 2 * s - 1, 4 * ds

    def relu(self, z):
        on = torch.where(z > 0, torch.ones_like(z), torch.zeros_like(z))
        return torch.maximum(z, torch.zeros_like(z)), on

    def __call__(self, name, z):
        method = getattr(self, name, None) if name in ("sigmoid", "tanh", "relu") else None
        if method is None:
            raise UnknownActivation(name)
        return method(z)


act_and_grad = ActivationWithSlope()
