from typing import Literal

PlanViewStatus = Literal['changed', 'preview', 'scheduled']

PLAN_VIEW_STATUS_VALUES: set[PlanViewStatus] = { 'changed', 'preview', 'scheduled',  }

def check_plan_view_status(value: str) -> PlanViewStatus:
    if value in PLAN_VIEW_STATUS_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PLAN_VIEW_STATUS_VALUES!r}")
