from typing import Literal

UserViewRole = Literal['admin', 'agent', 'owner', 'viewer']

USER_VIEW_ROLE_VALUES: set[UserViewRole] = { 'admin', 'agent', 'owner', 'viewer',  }

def check_user_view_role(value: str) -> UserViewRole:
    if value in USER_VIEW_ROLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {USER_VIEW_ROLE_VALUES!r}")
