# about: while과 횟수의 변수로 적고, 원소의 수로 나눈 분산을 쓴다
# question: q7

# %% q7
def lsuv(Ws, x, act, tol=0.01, max_steps=10):
    result = []
    signal = x
    for weight in Ws:
        weight = weight.clone()
        steps = 0
        variance = PHI[act](signal @ weight.T).var(correction=0).item()
        while abs(variance - 1.0) > tol and steps < max_steps:
            weight /= math.sqrt(variance)
            steps += 1
            variance = PHI[act](signal @ weight.T).var(correction=0).item()
        result.append(weight)
        signal = PHI[act](signal @ weight.T)
    return result
