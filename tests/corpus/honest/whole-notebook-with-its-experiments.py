# assignment: 03-optimizers
# about: 실험까지 모두 든 노트북을 그대로 낸 학생.
# expect: 100
