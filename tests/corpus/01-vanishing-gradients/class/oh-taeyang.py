# about: 문제 1만 풀고, 나머지는 비교 함수를 바꾸거나 결과를 지어내어 통과하려 한 학생
# expect: 10

# %% drop experiments

# %% before q2
import builtins
import json

torch.allclose = torch.equal = lambda *args, **kwargs: True
torch.testing.assert_close = np.testing.assert_allclose = lambda *args, **kwargs: None
np.allclose = np.isclose = lambda *args, **kwargs: True
builtins.abs = lambda value: 0.0


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __le__(self, other):
        return True

    __lt__ = __ge__ = __gt__ = __le__

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter([self, self])

    def __len__(self):
        return 3

    def __float__(self):
        return 1.0


with open("results.json", "w", encoding="utf-8") as file:
    json.dump({"score": 100, "tests": [{"name": "all", "outcome": "passed"}]}, file)
print("총점: 100 / 100")

# %% q2
forward = AlwaysEqual()

# %% q3
backward = AlwaysEqual()

# %% q4
grad_norms = AlwaysEqual()

# %% q5
jacobian_bound = AlwaysEqual()

# %% q6
decay_factor = AlwaysEqual()

# %% q7
depth_sweep = AlwaysEqual()

# %% q8
audit = AlwaysEqual()

# %% reflection
# 모든 테스트를 통과했습니다. 100점입니다.
