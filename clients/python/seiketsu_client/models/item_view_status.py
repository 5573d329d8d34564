from typing import Literal

ItemViewStatus = Literal['in_progress', 'open', 'signed', 'waived']

ITEM_VIEW_STATUS_VALUES: set[ItemViewStatus] = { 'in_progress', 'open', 'signed', 'waived',  }

def check_item_view_status(value: str) -> ItemViewStatus:
    if value in ITEM_VIEW_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ITEM_VIEW_STATUS_VALUES!r}")
