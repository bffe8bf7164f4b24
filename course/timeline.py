"""The one figure that every notebook of the course opens with: what happened when, from 1943 to 2017.

The years are those of the first publication (for CUDA, ImageNet and the TPU: of the first public release). Sources are
named with each event. A notebook's own events are dark, the others grey.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from course.plotting import PALETTE, label
from course.shown import show

__all__ = ["EVENTS", "FORCES", "Event", "timeline"]

FORCES = {
    "algorithm": ("알고리즘", "algorithms", "o", PALETTE[0]),
    "hardware": ("하드웨어", "hardware", "s", PALETTE[1]),
    "data": ("데이터와 벤치마크", "data and benchmarks", "^", PALETTE[2]),
}
"""The three forces that the texts name: Korean, English, marker and colour."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row: year, Korean and English text, one of `FORCES`, and the assignments it belongs to (``"03"``)."""

    year: int
    ko: str
    en: str
    force: str
    assignments: tuple[str, ...] = ()


EVENTS = (
    Event(1943, "McCulloch와 Pitts의 뉴런", "McCulloch and Pitts: the neuron", "algorithm"),
    Event(1958, "퍼셉트론 (Rosenblatt)", "perceptron (Rosenblatt)", "algorithm"),
    Event(1964, "무거운 공: 모멘텀 (Polyak)", "heavy ball: momentum (Polyak)", "algorithm", ("03",)),
    Event(1965, "무어의 법칙 (Moore)", "Moore's law", "hardware", ("04",)),
    Event(1969, "퍼셉트론의 한계 (Minsky와 Papert)", "limits of perceptrons (Minsky, Papert)", "algorithm"),
    Event(1986, "역전파 (Rumelhart 외)", "backpropagation (Rumelhart et al.)", "algorithm", ("01",)),
    Event(
        1989,
        "우편번호를 읽는 합성곱 신경망 (LeCun 외)",
        "convnet reads zip codes (LeCun et al.)",
        "algorithm",
        ("04", "09"),
    ),
    Event(
        1991, "기울기 소실을 밝힘 (Hochreiter)", "vanishing gradient explained (Hochreiter)", "algorithm", ("01", "10")
    ),
    Event(1995, "서포트 벡터 머신 (Cortes와 Vapnik)", "support vector machine (Cortes, Vapnik)", "algorithm", ("11",)),
    Event(1997, "LSTM (Hochreiter와 Schmidhuber)", "LSTM (Hochreiter, Schmidhuber)", "algorithm", ("10",)),
    Event(2001, "랜덤 포레스트, 그레이디언트 부스팅", "random forest, gradient boosting", "algorithm", ("11",)),
    Event(2006, "층별 사전 훈련 (Hinton 외)", "layer-wise pre-training (Hinton et al.)", "algorithm", ("02",)),
    Event(2007, "CUDA (NVIDIA)", "CUDA (NVIDIA)", "hardware", ("04",)),
    Event(2009, "ImageNet (Deng 외)", "ImageNet (Deng et al.)", "data", ("05", "06", "08", "09")),
    Event(2010, "Xavier 초기화 (Glorot와 Bengio)", "Xavier initialisation (Glorot, Bengio)", "algorithm", ("02",)),
    Event(2010, "ReLU (Nair와 Hinton)", "ReLU (Nair, Hinton)", "algorithm", ("01",)),
    Event(
        2012,
        "AlexNet: GPU 두 개로 ImageNet에서 우승",
        "AlexNet wins on ImageNet with two GPUs",
        "hardware",
        ("04", "08", "09"),
    ),
    Event(2012, "RMSProp (Tieleman과 Hinton)", "RMSProp (Tieleman, Hinton)", "algorithm", ("03",)),
    Event(
        2014,
        "특성은 얼마나 옮겨 가는가 (Yosinski 외)",
        "how transferable are features (Yosinski et al.)",
        "algorithm",
        ("05",),
    ),
    Event(2014, "Adam (Kingma와 Ba), 드롭아웃 (Srivastava 외)", "Adam; dropout", "algorithm", ("03", "08")),
    Event(2015, "He 초기화 (He 외)", "He initialisation (He et al.)", "algorithm", ("02", "07")),
    Event(2015, "배치 정규화, 잔차 연결 (ResNet)", "batch normalisation, residual nets", "algorithm", ("07",)),
    Event(2016, "TPU (Google), AlphaGo", "TPU (Google), AlphaGo", "hardware", ("04",)),
    Event(2016, "사전 활성화 잔차 (He 외)", "pre-activation residual (He et al.)", "algorithm", ("07",)),
    Event(2017, "트랜스포머, MobileNet", "transformer, MobileNet", "algorithm", ("06", "09", "10")),
)
"""In the order of the years."""

_GREY, _DARK = "0.5", "0.0"


def timeline(number: str) -> None:
    """Draw the figure with the events of one assignment dark, and show it.

    Args:
        number: the assignment's number, ``"03"``.
    """
    import matplotlib.pyplot as plt
    from matplotlib.lines import Line2D

    fig, ax = plt.subplots(figsize=(8.6, 5.9))
    ax.axvline(2012, color="0.75", linestyle=":", linewidth=1.2, zorder=0)
    for row, event in enumerate(EVENTS):
        own = number in event.assignments
        _, _, marker, colour = FORCES[event.force]
        ink = _DARK if own else _GREY
        ax.plot(event.year, row, marker, color=colour if own else "0.8", markersize=9 if own else 6)
        before = event.year > 1985
        text = label(event.ko, event.en)
        words = f"{text}  {event.year}" if before else f"{event.year}  {text}"
        ax.annotate(
            words,
            (event.year, row),
            xytext=(-9 if before else 9, 0),
            textcoords="offset points",
            ha="right" if before else "left",
            va="center",
            color=ink,
            fontsize=11 if own else 9,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    ax.set(xlim=(1938, 2021), ylim=(len(EVENTS) - 0.3, -1.2), yticks=[])
    ax.set(title=label("왜 2012년 이후인가: 연표", "why after 2012: a timeline"))
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False)
    marks = [
        Line2D([], [], marker=marker, linestyle="", color=colour, label=label(ko, en))
        for ko, en, marker, colour in FORCES.values()
    ]
    ax.legend(handles=marks, loc="lower left", title=label("검은 글씨: 이 노트북", "dark: this notebook"))
    plt.show()
    plt.close(fig)
    _tell(number)


def _tell(number: str) -> None:
    """Show the figure's content as text, for who does not see it; the notebook's own events are in bold."""
    items, lines = [], []
    for event in EVENTS:
        own = number in event.assignments
        text = f"{event.year} {event.ko}"
        items.append(f"<li>{f'<b>{html.escape(text)}</b>' if own else html.escape(text)}</li>")
        if own:
            lines.append(f"  {text}")
    body = f"<ul>{''.join(items)}</ul>"
    show(
        f"<details lang='ko'><summary>연표를 글로 읽기</summary>{body}</details>",
        "\n".join(["연표에서 이 노트북의 자리", *lines]),
    )
