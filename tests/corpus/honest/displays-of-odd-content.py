# assignment: 04-gpu-speedup
# about: 빈 묶음, None이 든 묶음, 깊은 JSON, NaN, 바이트, 아무도 볼 수 없는 종류를 보이는 학생.
# expect: 100

# %% drop experiments

# %% after q1
from IPython.display import JSON, display

deep = 1
for _ in range(33):
    deep = [deep]
display({}, raw=True)
display({"text/plain": None}, raw=True)
display({"text/plain": None, "text/html": "<b>표</b>"}, raw=True)
display({"application/vnd.plotly.v1+json": {"data": [float("nan")]}, "text/plain": "그림"}, raw=True)
display({"image/png": b"not a picture", "text/plain": 3}, raw=True)
display({"application/json": deep, "text/plain": "깊은 JSON"}, raw=True)
display({"text/plain": "\ud800", "application/json": {"\ud800": 1}}, raw=True)


class Odd:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": None, "text/html": None, 3: "x"}, {"deep": deep}


display(Odd())
Odd()
