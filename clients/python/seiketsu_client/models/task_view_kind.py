from typing import Literal

TaskViewKind = Literal['milestone', 'specialist']

TASK_VIEW_KIND_VALUES: set[TaskViewKind] = { 'milestone', 'specialist',  }

def check_task_view_kind(value: str) -> TaskViewKind:
    if value in TASK_VIEW_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TASK_VIEW_KIND_VALUES!r}")
