from typing import Literal

BecomeRole = Literal['admin', 'agent', 'owner', 'viewer']

BECOME_ROLE_VALUES: set[BecomeRole] = { 'admin', 'agent', 'owner', 'viewer',  }

def check_become_role(value: str) -> BecomeRole:
    if value in BECOME_ROLE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {BECOME_ROLE_VALUES!r}")
