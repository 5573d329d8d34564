from typing import Literal

TaskChangeStatus = Literal['cancelled', 'done', 'open']

TASK_CHANGE_STATUS_VALUES: set[TaskChangeStatus] = { 'cancelled', 'done', 'open',  }

def check_task_change_status(value: str) -> TaskChangeStatus:
    if value in TASK_CHANGE_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TASK_CHANGE_STATUS_VALUES!r}")
