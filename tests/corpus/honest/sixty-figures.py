# assignment: 01-vanishing-gradients
# about: 그림을 예순 장 그리는 학생. 서른 장은 한 셀에서 그립니다.
# expect: 100

# %% drop experiments

# %% after q6
for number in range(30):
    plt.figure()
    plt.plot(np.arange(50) ** (number / 10))
    plt.title(f"{number}")
    plt.show()

# %% after q6
figures = [plt.subplots(figsize=(3, 2)) for _ in range(30)]
for number, (figure, axes) in enumerate(figures):
    axes.plot(torch.arange(5.0), torch.arange(5.0) * number)
    figure.savefig(f"figure-{number}.png")
