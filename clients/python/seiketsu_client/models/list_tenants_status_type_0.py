from typing import Literal

ListTenantsStatusType0 = Literal['closed', 'live', 'onboarding', 'paused', 'suspended']

LIST_TENANTS_STATUS_TYPE_0_VALUES: set[ListTenantsStatusType0] = { 'closed', 'live', 'onboarding', 'paused', 'suspended',  }

def check_list_tenants_status_type_0(value: str) -> ListTenantsStatusType0:
    if value in LIST_TENANTS_STATUS_TYPE_0_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LIST_TENANTS_STATUS_TYPE_0_VALUES!r}")
