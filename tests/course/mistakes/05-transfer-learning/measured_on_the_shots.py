# ruff: noqa
# measured on the shots
# question: q7
# says: 테스트 데이터가 아니라 훈련 데이터에서 재었습니다


def shot_curve(methods, ks, seeds, data=jamo.few_shot):
    def shots(k, seed):
        x, y, _, _ = data(k, seed)
        return x, y, x, y

    return reference(methods, ks, seeds, shots)
