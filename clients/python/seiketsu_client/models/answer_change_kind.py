from typing import Literal

AnswerChangeKind = Literal['area', 'faq', 'office']

ANSWER_CHANGE_KIND_VALUES: set[AnswerChangeKind] = { 'area', 'faq', 'office',  }

def check_answer_change_kind(value: str) -> AnswerChangeKind:
    if value in ANSWER_CHANGE_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANSWER_CHANGE_KIND_VALUES!r}")
