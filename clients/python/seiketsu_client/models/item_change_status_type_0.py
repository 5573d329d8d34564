from typing import Literal

ItemChangeStatusType0 = Literal['in_progress', 'open', 'signed', 'waived']

ITEM_CHANGE_STATUS_TYPE_0_VALUES: set[ItemChangeStatusType0] = { 'in_progress', 'open', 'signed', 'waived',  }

def check_item_change_status_type_0(value: str) -> ItemChangeStatusType0:
    if value in ITEM_CHANGE_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ITEM_CHANGE_STATUS_TYPE_0_VALUES!r}")
