from typing import Literal

AnswerNewKind = Literal['area', 'faq', 'office']

ANSWER_NEW_KIND_VALUES: set[AnswerNewKind] = { 'area', 'faq', 'office',  }

def check_answer_new_kind(value: str) -> AnswerNewKind:
    if value in ANSWER_NEW_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANSWER_NEW_KIND_VALUES!r}")
