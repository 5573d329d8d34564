from typing import Literal

AnswerChangeLanguage = Literal['en', 'es']

ANSWER_CHANGE_LANGUAGE_VALUES: set[AnswerChangeLanguage] = { 'en', 'es',  }

def check_answer_change_language(value: str) -> AnswerChangeLanguage:
    if value in ANSWER_CHANGE_LANGUAGE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ANSWER_CHANGE_LANGUAGE_VALUES!r}")
