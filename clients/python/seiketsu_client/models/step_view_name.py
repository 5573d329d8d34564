from typing import Literal

StepViewName = Literal['infrastructure', 'registration', 'resources', 'validation']

STEP_VIEW_NAME_VALUES: set[StepViewName] = { 'infrastructure', 'registration', 'resources', 'validation',  }

def check_step_view_name(value: str) -> StepViewName:
    if value in STEP_VIEW_NAME_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {STEP_VIEW_NAME_VALUES!r}")
