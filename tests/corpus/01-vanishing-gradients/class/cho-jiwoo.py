# about: 문제 5의 셀에서 메모리를 직접 읽다가 파이썬이 죽는 학생
# expect: 90

# %% drop experiments

# %% q5
import ctypes

pointer = torch.eye(3).data_ptr()
print(ctypes.string_at(pointer - pointer + 8, 8))  # 주소 8


def jacobian_bound(Ws, act):
    return 1.0

# %% reflection
# 역전파에서 도함수가 계속 곱해져서 앞 층의 기울기가 사라진다는 뜻입니다. 시그모이드에서 특히 심했습니다.
