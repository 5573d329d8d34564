from typing import Literal

PlanChangeBodyPlan = Literal['business', 'enterprise', 'professional', 'starter']

PLAN_CHANGE_BODY_PLAN_VALUES: set[PlanChangeBodyPlan] = { 'business', 'enterprise', 'professional', 'starter',  }

def check_plan_change_body_plan(value: str) -> PlanChangeBodyPlan:
    if value in PLAN_CHANGE_BODY_PLAN_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PLAN_CHANGE_BODY_PLAN_VALUES!r}")
