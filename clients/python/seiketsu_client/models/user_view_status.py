from typing import Literal

UserViewStatus = Literal['active', 'invited', 'removed']

USER_VIEW_STATUS_VALUES: set[UserViewStatus] = { 'active', 'invited', 'removed',  }

def check_user_view_status(value: str) -> UserViewStatus:
    if value in USER_VIEW_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {USER_VIEW_STATUS_VALUES!r}")
