from typing import Literal

ListTasksStatusType0 = Literal['cancelled', 'done', 'open']

LIST_TASKS_STATUS_TYPE_0_VALUES: set[ListTasksStatusType0] = { 'cancelled', 'done', 'open',  }

def check_list_tasks_status_type_0(value: str) -> ListTasksStatusType0:
    if value in LIST_TASKS_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TASKS_STATUS_TYPE_0_VALUES!r}")
