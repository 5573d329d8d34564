from typing import Literal

ListNumbersStatusType0 = Literal['active', 'paused']

LIST_NUMBERS_STATUS_TYPE_0_VALUES: set[ListNumbersStatusType0] = { 'active', 'paused',  }

def check_list_numbers_status_type_0(value: str) -> ListNumbersStatusType0:
    if value in LIST_NUMBERS_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_NUMBERS_STATUS_TYPE_0_VALUES!r}")
