from typing import Literal

PlanChangeBodyWhen = Literal['month_end', 'now']

PLAN_CHANGE_BODY_WHEN_VALUES: set[PlanChangeBodyWhen] = { 'month_end', 'now',  }

def check_plan_change_body_when(value: str) -> PlanChangeBodyWhen:
    if value in PLAN_CHANGE_BODY_WHEN_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PLAN_CHANGE_BODY_WHEN_VALUES!r}")
