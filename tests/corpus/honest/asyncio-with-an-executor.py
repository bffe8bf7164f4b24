# assignment: 04-gpu-speedup
# about: 셀에서 만든 이벤트 루프와 기본 executor를 답에서도 쓰는 학생.
# expect: 100
# limits: call_seconds=2 question_seconds=3 asleep_seconds=2

# %% drop experiments

# %% before q1
import asyncio

loop = asyncio.new_event_loop()


async def in_thread(function, *args):
    return await asyncio.get_running_loop().run_in_executor(None, function, *args)


print(loop.run_until_complete(in_thread(abs, -3)))

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = loop.run_until_complete(in_thread(lambda: 2 * m * k * n))
    return flops, itemsize * (m * k + k * n + m * n)
