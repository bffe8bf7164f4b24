# about: 마지막 두 문제를 풀지 못했고, 문제 2에 오개념이 하나 있는 학생 (클래스의 수가 같으면 옛 헤드를 그대로 둔다)
# expect: 75

# %% q2
def replace_head(model, n):
    new = copy.deepcopy(model)
    if new.head.out_features != n:
        new.head = nn.Linear(model.num_features, n, dtype=model.head.weight.dtype)
    return new

# %% after q2
%matplotlib inline
import sys
print(sys.version_info.major)

# %% blank q8

# %% blank q9
