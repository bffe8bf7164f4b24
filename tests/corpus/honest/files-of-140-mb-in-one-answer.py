# assignment: 04-gpu-speedup
# about: 한 문항의 답이 파일을 140 MB 쓰는 학생. 그 문항만 잃습니다.
# expect: 93
# loses-question: q3
# says: cell-files
# message: q3: 파일

# %% drop experiments

# %% q3
def keep():
    for name in ("ridge.bin", "roof.bin"):
        with open(name, "wb") as file:
            for _ in range(70):
                file.write(bytes(2**20))


def ridge_point(peak, bandwidth):
    keep()
    return peak / bandwidth


def roofline(ai, peak, bandwidth):
    keep()
    return min(ai * bandwidth, peak)
