from typing import Literal

TenantStatus = Literal['closed', 'live', 'onboarding', 'paused', 'suspended']

TENANT_STATUS_VALUES: set[TenantStatus] = { 'closed', 'live', 'onboarding', 'paused', 'suspended',  }

def check_tenant_status(value: str) -> TenantStatus:
    if value in TENANT_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TENANT_STATUS_VALUES!r}")
