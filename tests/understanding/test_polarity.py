from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.polarity import keys, polarity, split_polarity

YES = """
yes | Yes. | yeah | yep | yup | yep that's right | Yes, that's correct. | correct | that's it | uh-huh
mm-hmm | mhm | sure | sure thing | of course | absolutely | go ahead | please do | yes please
sounds good | that works for me | I guess so | I think so | right | that's right | Okay. | ok | all right
perfect | exactly | you got it | it is | we do | no problem | not a problem | No no that's fine.
no, that's right | no no no, that's correct | why not | please | Thank you, sounds good.
Great, thanks a bunch. | sí | Sí, claro. | claro que sí | por supuesto | DTMF: 1# | dtmf: 1 | y | 👍
That sounds great! | that would be great | yes sir | yes ma'am | yeah sure, go ahead | Um, yes.
oh yeah, totally | well yes | that apartment sounds good | this one looks perfect | everything's correct
you're right | I'd like that | for sure | I said yes | the answer is yes | yes it is | yes I am
Yes, we are. | okay yes | great, thank you | works for us | fine by me | true | by all means
That's fine by me. | it's okay with me | Yup, that's fine by me. | all good | I do | there is
""".replace("\n", "|").split("|")

NO = """
no | No. | nope | nah | no thanks | no thank you | not really | not yet | that's wrong | that's not right
wrong | incorrect | that's incorrect | no way | please don't | don't | I don't think so
not at the moment | not quite | no it isn't | it's not | we don't | I'd rather not | absolutely not
of course not | probably not | nuh-uh | uh-uh | No, that's not it. | no no no | yeah no | negative
not correct | DTMF: 2# | no gracias | n | 👎 | maybe later | I'm good, thanks | I'm all set | no, I'm fine
no that's okay | No, not now. | I'm afraid not | not that I know of | you got it wrong | I said no
the answer is no | that isn't my name | we don't have one | oh no, that's wrong | almost
Nope, that's it. Thanks. | No, thanks a lot for your help. | no sir | Um, no. | well, not exactly
I guess not | that doesn't work for me | that's not what I said | no I don't
""".replace("\n", "|").split("|")

UNSURE = """
I'm not sure | not sure | I don't know | no idea | I have no idea | maybe | perhaps | it depends
I'm not really sure yet | I haven't decided yet | dunno | possibly | kind of | hard to say
um, I don't really know | yes and no | probably | I'm not so sure about that one | I'd have to check
no sé | quizás
""".replace("\n", "|").split("|")

NEITHER = """
no preference | no CRM | I know | no one | nobody | none | nothing | right now | what? | hello
can you repeat that | correct the email | correct my name | no pets | no longer | don't record
please don't record me | good morning | wrong number | Bart | five | Salesforce
my email is bart at gmail dot com | ... | DTMF: 3# | is that right now
please, can you show me other apartments | Thanks very much. | No worries. | good question | no agent
never mind | great question | fine dining | not Salesforce | no more than five hundred
okay my name is Bart | the north side | yesterday | November | know | I do want three bedrooms
not before June
""".replace("\n", "|").split("|")


def _clean(rows: list[str]) -> list[str]:
    return [row.strip() for row in rows if row.strip()]


@pytest.mark.parametrize("said", _clean(YES))
def test_agreement(said: str) -> None:
    assert polarity(said) == "yes"


@pytest.mark.parametrize("said", _clean(NO))
def test_disagreement(said: str) -> None:
    assert polarity(said) == "no"


@pytest.mark.parametrize("said", _clean(UNSURE))
def test_not_sure(said: str) -> None:
    assert polarity(said) == "unsure"


@pytest.mark.parametrize("said", [*_clean(NEITHER), ""])
def test_words_that_only_look_like_an_answer(said: str) -> None:
    assert polarity(said) is None


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("no, it's N as in Nancy", ("no", "it's N as in Nancy")),
        ("No it's N as in Nancy", ("no", "it's N as in Nancy")),
        ("no N as in Nancy", ("no", "N as in Nancy")),
        ("yes and my email is bart at bhhs dot com", ("yes", "my email is bart at bhhs dot com")),
        ("Yes. The timezone is Mountain.", ("yes", "The timezone is Mountain.")),
        ("that's right, and we have five agents", ("yes", "we have five agents")),
        ("no wait, the last two are 4 7", ("no", "the last two are 4 7")),
        ("Nope, that's wrong, Saturday is ten to three", ("no", "Saturday is ten to three")),
        ("yes but only in Colorado", ("yes", "but only in Colorado")),
        ("the domain is wrong", ("no", "the domain is wrong")),
        ("the last name is not right", ("no", "the last name is not right")),
        ("yep, thank you", ("yes", "")),
        ("I'm not sure, maybe five", ("unsure", "maybe five")),
        ("no preference", (None, "no preference")),
        ("Salesforce", (None, "Salesforce")),
        ("no, change the plan", ("no", "change the plan")),
        ("sure, it's Denver", ("yes", "it's Denver")),
    ],
)
def test_the_rest_of_the_sentence_is_kept(said: str, expected: tuple[str | None, str]) -> None:
    assert split_polarity(said) == expected


def test_keys_are_digits_only_when_keyed() -> None:
    assert keys("DTMF: 303#") == "303"
    assert keys("303") is None


@given(st.text(max_size=200))
def test_never_raises_and_never_invents_words(text: str) -> None:
    _found, rest = split_polarity(text)
    assert rest in text
