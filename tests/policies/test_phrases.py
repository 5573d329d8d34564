import pytest
import yaml

from policies.phrases import _WORDS, PhraseError, find, pattern


@pytest.mark.parametrize(
    ("phrase", "text", "taken"),
    [
        ("lease is up", "well, our Lease is up in May", "Lease is up"),
        ("lease is up", "the lease is upsetting", None),
        ("(dog|pit-bull)[s]", "two pitbulls", "pitbulls"),
        ("[my] [(old|small)+] dog", "and my small old dog", "my small old dog"),
        ("kitchen [was] redone", "the kitchen redone", "kitchen redone"),
        ("replac*", "it needs replacing", "replacing"),
        ("text me ... when", "please text me a note when it is up", "text me a note when"),
        ("text me ... when", "text me when", "text me when"),
        ("text me ... when", "text me. Tell me when", None),
        ("text me ... when", "text me, please, when it is up", "text me, please, when"),
        ("... is up when", "say that it is up when", "say that it is up when"),
        ("is it free ?", "is it free?", "is it free"),
        ("is it free ?", "is it free then?", None),
        ("return of <#[%]>", "a return of 6.5% or so", "6.5%"),
        ("ask for <{Name}>", "Ask for Maria Lopez please", "Maria Lopez"),
        ("ask for <{Name}>", "ask for somebody", None),
        ("with <{Company}> .", "I'm with Homes of the West and Sons.", None),
        ("with <{Company}> .", "I'm with Bank of Denver and Sons.", "Bank of Denver and Sons"),
        ("at <{Company}> .", "Arbors At Mountain View", None),
        ("listed with !(you|your) *", "listed with Ann", "listed with Ann"),
        ("listed with !(you|your) *", "listed with you guys", None),
        ("!to have it", "i want to have it", None),
        ("!to have it", "i have it", "have it"),
        ("!(to|not) [really] have it", "i do not have it", None),
        ("!(to|not) [really] have it", "i really have it", "really have it"),
        ("dog, and a cat", "a dog and a cat", "dog and a cat"),
        ("don't", "I don’t", "don’t"),
        ("my {relative} died", "my grandmother died", "my grandmother died"),
        ("have it .", "i have it now", None),
        ("have it .", "i have it, yes", "have it"),
    ],
)
def test_a_phrase_is_found_as_it_reads(phrase, text, taken):
    match = pattern(phrase).search(text)
    assert (match and (match[1] if match.re.groups else match[0])) == taken


@pytest.mark.parametrize(
    ("phrase", "wrong"),
    [
        ("(a|b", "not closed"),
        ("a) b", "closes nothing"),
        ("a }", "belongs to nothing"),
        ("my {wat}", "no list {wat}"),
        ("[a] [b]", "may be missing"),
        ("<a> <b>", "only one part"),
        ("a ()", "a word is missing"),
        ("[a]+ b", "'+' belongs"),
        ("a !", "a word is missing"),
    ],
)
def test_what_is_wrong_with_a_phrase_is_said(phrase, wrong):
    with pytest.raises(PhraseError, match=wrong.replace("+", r"\+")):
        pattern(phrase)


def test_the_first_phrase_that_is_said_counts():
    match = find(["two dogs", "a (cat|dog)"], "a cat and two dogs")
    assert match and match[0] == "two dogs"


def test_every_list_can_be_read():
    for name in yaml.safe_load(_WORDS.read_text(encoding="utf-8")):
        assert pattern(f"{{{name}}}")


def test_every_list_is_used():
    root = _WORDS.parent.parent
    written = "".join(
        p.read_text(encoding="utf-8") for d in ("flows", "policies") for p in (root / d).glob("*.yaml")
    )
    unused = [n for n in yaml.safe_load(_WORDS.read_text(encoding="utf-8")) if f"{{{n}}}" not in written]
    assert unused == []
