from typing import Literal

ListPlacedCallsStatusType0 = Literal['done', 'open', 'planned', 'stopped']

LIST_PLACED_CALLS_STATUS_TYPE_0_VALUES: set[ListPlacedCallsStatusType0] = { 'done', 'open', 'planned', 'stopped',  }

def check_list_placed_calls_status_type_0(value: str) -> ListPlacedCallsStatusType0:
    if value in LIST_PLACED_CALLS_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_PLACED_CALLS_STATUS_TYPE_0_VALUES!r}")
