# assignment: 04-gpu-speedup
# about: 답 사이에서 그림을 그린 학생. 그림의 글꼴 파일이 열린 채로 남습니다.
# expect: 100

# %% drop experiments

# %% after q2
fig, ax = plt.subplots()
ax.plot([1, 2, 3], [1, 4, 9], label="x²")
ax.set(title="y = x²", xlabel="x")
ax.legend()
plt.show()
