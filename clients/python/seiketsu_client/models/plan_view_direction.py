from typing import Literal

PlanViewDirection = Literal['down', 'same', 'up']

PLAN_VIEW_DIRECTION_VALUES: set[PlanViewDirection] = { 'down', 'same', 'up',  }

def check_plan_view_direction(value: str) -> PlanViewDirection:
    if value in PLAN_VIEW_DIRECTION_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PLAN_VIEW_DIRECTION_VALUES!r}")
