# ruff: noqa
# a name that the table does not have
# question: q9
# says: 표에 없는 이름


def diagnose(opt):
    return "healthy"
