# assignment: 01-vanishing-gradients
# about: 윈도의 글꼴로 한글 제목을 단 학생. 경고를 예외로 바꾸어도 그림은 그려집니다.
# expect: 100
# shows: 이 그림의 글꼴이나 글자가 없어
# shows: image/png

# %% drop experiments

# %% after q6
import warnings

warnings.simplefilter("error")
plt.rcParams["font.family"] = "No Such Gothic"
plt.rcParams["axes.unicode_minus"] = False
plt.plot([-1, 2])
plt.title("기울기의 노름")
plt.xlabel("층의 번호")
plt.show()
