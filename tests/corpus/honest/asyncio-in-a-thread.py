# assignment: 04-gpu-speedup
# about: 커널의 이벤트 루프를 피해, 셀에서 만든 스레드 풀에서 asyncio.run과 run_in_executor를 쓰는 학생.
# expect: 100
# limits: call_seconds=2 question_seconds=3 asleep_seconds=2

# %% drop experiments

# %% before q1
import asyncio
from concurrent.futures import ThreadPoolExecutor

pool = ThreadPoolExecutor(1)


async def in_thread(function, *args):
    return await asyncio.get_running_loop().run_in_executor(None, function, *args)


print(pool.submit(asyncio.run, in_thread(abs, -3)).result())

# %% q1
def matmul_cost(m, k, n, itemsize=4):
    flops = pool.submit(asyncio.run, in_thread(lambda: 2 * m * k * n)).result()
    return flops, itemsize * (m * k + k * n + m * n)
