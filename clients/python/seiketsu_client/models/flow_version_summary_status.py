from typing import Literal

FlowVersionSummaryStatus = Literal['draft', 'live', 'retired']

FLOW_VERSION_SUMMARY_STATUS_VALUES: set[FlowVersionSummaryStatus] = { 'draft', 'live', 'retired',  }

def check_flow_version_summary_status(value: str) -> FlowVersionSummaryStatus:
    if value in FLOW_VERSION_SUMMARY_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {FLOW_VERSION_SUMMARY_STATUS_VALUES!r}")
