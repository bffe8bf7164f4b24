# about: 마지막 두 문제를 풀지 못했고, 문제 2에 오개념이 하나 있는 학생 (gain을 쓰지 않는다)
# expect: 67

# %% q2
def xavier_(w, gain, gen):
    n_in, n_out = fans(w.shape)
    std = math.sqrt(2 / (n_in + n_out))
    with torch.no_grad():
        return w.normal_(0, std, generator=gen)

# %% after q2
%matplotlib inline
import sys
print(sys.version_info.major)

# %% blank q7

# %% blank q8
