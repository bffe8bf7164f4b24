# ruff: noqa
# dict is skipped
# question: q6
# says: dict를 건너뛰었을


def to_device(obj, device):
    return obj if isinstance(obj, dict) else reference(obj, device)
