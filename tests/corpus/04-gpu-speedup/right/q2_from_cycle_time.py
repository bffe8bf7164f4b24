# about: 클럭 한 번의 시간에서 구하고, 로그의 밑을 바꾼다
# question: q2

# %% q2
def peak_flops(cores, clock):
    cycle = 1 / clock
    return cores * 2 / cycle


def doubling_years(factor, years):
    try:
        return years * math.log(2) / math.log(factor)
    except ZeroDivisionError:
        return float("inf")
