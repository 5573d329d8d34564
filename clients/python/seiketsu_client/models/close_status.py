from typing import Literal

CloseStatus = Literal['done', 'no_show']

CLOSE_STATUS_VALUES: set[CloseStatus] = { 'done', 'no_show',  }

def check_close_status(value: str) -> CloseStatus:
    if value in CLOSE_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {CLOSE_STATUS_VALUES!r}")
