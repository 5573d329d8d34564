"""stub"""


def nearest(plain: str) -> str | None:
    return None
