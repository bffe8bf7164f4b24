# assignment: 01-vanishing-gradients
# about: 셀에서 await를 쓰고, 답 안에서 asyncio.run을 쓰는 학생.
# expect: 100
# shows: 기다렸습니다 [0, 1, 2]

# %% drop experiments

# %% q5
import asyncio


async def norm_of(W):
    await asyncio.sleep(0)
    return torch.linalg.matrix_norm(W, ord=2).item()


async def norms_of(Ws):
    return await asyncio.gather(*(norm_of(W) for W in Ws))


await norms_of([torch.eye(2)])


def jacobian_bound(Ws, act):
    gamma = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}[act]
    return math.prod(gamma * norm for norm in asyncio.run(norms_of(Ws)))

# %% after q5
async def count():
    for number in range(3):
        await asyncio.sleep(0)
        yield number


print("기다렸습니다", [number async for number in count()])
async with asyncio.timeout(5):
    await asyncio.sleep(0)
