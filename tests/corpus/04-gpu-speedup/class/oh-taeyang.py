# about: 마지막 네 문제를 풀지 못했고, 문제 2에 오개념이 하나 있는 학생 (TFLOP/s로 바꾸어 돌려준다)
# expect: 53.5

# %% q2
def peak_flops(cores, clock):
    return 2 * cores * clock / 1e12


def doubling_years(factor, years):
    return years / math.log2(factor) if factor != 1 else math.inf

# %% after q2
%matplotlib inline
import sys
print(sys.version_info.major)

# %% blank q7

# %% blank q8

# %% blank q9

# %% blank q10
