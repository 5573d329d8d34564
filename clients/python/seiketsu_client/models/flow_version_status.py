from typing import Literal

FlowVersionStatus = Literal['draft', 'live', 'retired']

FLOW_VERSION_STATUS_VALUES: set[FlowVersionStatus] = { 'draft', 'live', 'retired',  }

def check_flow_version_status(value: str) -> FlowVersionStatus:
    if value in FLOW_VERSION_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {FLOW_VERSION_STATUS_VALUES!r}")
