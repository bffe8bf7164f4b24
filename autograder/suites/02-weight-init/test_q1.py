"""Hidden tests of question 1: fans(shape) -> (n_in, n_out).

Half of the points ask the two numbers as stated, of linear layers and of convolutions. Kernels of another number of
axes are judged against the student's own answer for a linear layer, as an unordered pair.
"""

from autograder.judge import expect, points, raises, require

PAIR = "(n_in, n_out)을 이 순서로, 두 개 돌려주어야 합니다."


def answer(student, shape, form="tuple"):
    """Return what fans gives for this shape; only a torch.Size needs a probe to be handed over."""
    if form == "size":
        return student.probe("fans_of_size", list(shape))
    return student.fans(list(shape) if form == "list" else tuple(shape))


def pair(student, shape, form="tuple"):
    """Return the student's two fans as whole numbers; their kind is judged by one test only."""
    entries = expect(answer(student, shape, form), "반환값").unpack(2, hint=PAIR)
    values = [expect(entry, name).finite().real() for entry, name in zip(entries, ("n_in", "n_out"), strict=True)]
    require(all(value == round(value) for value in values), "두 수가 정수가 아닙니다.", "개수이므로 정수여야 합니다.")
    return tuple(round(value) for value in values)


def sizes(rng, count):
    """Return `count` different sizes between 2 and 20."""
    return [int(n) for n in rng.choice(range(2, 21), size=count, replace=False)]


@points(2)
def test_q1_linear_weight(student, rng, reference):
    """선형층의 가중치에서 들어오는 수와 나가는 수를 순서대로 돌려줍니다."""
    hint = "nn.Linear의 가중치는 (n_out, n_in) 순서입니다. 돌려주는 순서는 (n_in, n_out)입니다."
    for _ in range(3):
        shape = sizes(rng, 2)
        expect(pair(student, shape), "반환값").equals(reference.fans(shape), hint=hint)


@points(2)
def test_q1_kernel_multiplies_both(student, rng, reference):
    """합성곱층에서는 두 수에 모두 커널의 원소 수가 곱해집니다. 순서는 선형층과 같습니다."""
    kernel = "출력 하나에는 n_in 채널마다 커널의 원소 수(kh × kw)만큼 들어옵니다. 나가는 쪽도 마찬가지입니다."
    order = "두 수의 순서가 바뀌었습니다. 합성곱층에서도 돌려주는 순서는 (n_in, n_out)입니다."
    for _ in range(3):
        shape = sizes(rng, 4)
        found, expected = pair(student, shape), reference.fans(shape)
        hint = order if sorted(found) == sorted(expected) else kernel
        expect(found, "합성곱층의 두 수").equals(expected, hint=hint)


@points(2)
def test_q1_any_number_of_kernel_axes(student, rng):
    """커널의 축이 하나이거나 셋이어도 모두 곱합니다."""
    hint = "shape[2:]에 남은 축을 모두 곱하세요. 축이 없으면 곱은 1입니다."
    n_out, n_in, a, b, c = sizes(rng, 5)
    plain = sorted(pair(student, (n_out, n_in)))
    require(plain[0] != plain[1], "두 수가 가중치의 모양에 따라 달라지지 않습니다.", hint)
    for kernel in ((a,), (a, b, c)):
        found = sorted(pair(student, (n_out, n_in, *kernel)))
        count = a if len(kernel) == 1 else a * b * c
        expect(found, "두 수").equals([n * count for n in plain], hint=hint)


@points(1)
def test_q1_shape_in_any_container(student, rng):
    """튜플, 리스트, torch.Size 가운데 무엇으로 받아도 같은 정수 두 개를 돌려줍니다."""
    hint = "w.shape은 torch.Size이지만 튜플이나 리스트로 적기도 합니다. 색인과 반복만 쓰면 모두 다룰 수 있습니다."
    seen = set()
    for shape in (sizes(rng, 2), sizes(rng, 4)):
        plain = pair(student, shape)
        seen.add(plain)
        for entry in expect(answer(student, shape), "반환값").unpack(2, hint=PAIR):
            expect(entry, "반환값").integer(
                hint="n_in과 n_out은 개수이므로 정수여야 합니다. 나눗셈이라면 //를 써 보세요."
            )
        for form in ("list", "size"):
            expect(pair(student, shape, form), "반환값").equals(plain, hint=hint)
    require(len(seen) == 2, "모양을 바꾸어도 두 수가 같습니다.", "받은 shape에서 두 수를 구했는지 확인해 보세요.")


@points(1)
def test_q1_fewer_than_two_axes_raise_value_error(student, rng):
    """축이 둘보다 적은 모양에는 ValueError를 냅니다."""
    hint = "편향처럼 축이 하나뿐이면 들어오는 수를 정할 수 없습니다. ValueError를 raise하세요."
    for shape in ([], sizes(rng, 1)):
        said = student.probe("error_of_shape", shape)
        expect(said, "축이 둘보다 적은 모양의 결과").equals("ValueError", hint=hint)
        with raises(Exception, "축이 둘보다 적은 모양", hint=hint):  # asked again, without the probe
            student.fans(tuple(shape))
