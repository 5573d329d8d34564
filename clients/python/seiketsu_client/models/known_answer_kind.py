from typing import Literal

KnownAnswerKind = Literal['area', 'faq', 'office']

KNOWN_ANSWER_KIND_VALUES: set[KnownAnswerKind] = { 'area', 'faq', 'office',  }

def check_known_answer_kind(value: str) -> KnownAnswerKind:
    if value in KNOWN_ANSWER_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {KNOWN_ANSWER_KIND_VALUES!r}")
