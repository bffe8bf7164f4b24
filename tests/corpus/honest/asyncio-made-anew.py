# assignment: 04-gpu-speedup
# about: 셀에서는 await를 쓰고, 답에서는 새 이벤트 루프를 쓰는 학생.
# expect: 100

# %% drop experiments

# %% after setup
import asyncio

await asyncio.sleep(0.01)
task = asyncio.ensure_future(asyncio.sleep(3600))

# %% q1
async def flops_of(m, k, n):
    await asyncio.sleep(0)
    return 2 * m * k * n


def matmul_cost(m, k, n, itemsize=4):
    fresh = asyncio.new_event_loop()
    try:
        flops = fresh.run_until_complete(flops_of(m, k, n))
    finally:
        fresh.close()
    return flops, itemsize * (m * k + k * n + m * n)
