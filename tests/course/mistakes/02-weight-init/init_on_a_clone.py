# ruff: noqa
# init on a clone
# question: q2
# says: 복사본을 초기화하고


def xavier_(w, gain, gen):
    reference(w.clone(), gain, gen)
    return w
