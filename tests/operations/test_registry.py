"""The lists of operations that every door walks."""

from collections import Counter

from pydantic.alias_generators import to_camel

from app.operations.operation import Answer
from app.operations.registry import ANSWERS, CHANGES
from app.queries.nouns import NOUNS


def lists_below(answer: Answer) -> set[str]:
    """The lists that can be narrowed to one record of the answer's noun, by their name as fields of it."""
    assert answer.of is not None
    by = f"{to_camel(answer.of.table)}Id"
    return {to_camel(noun.plural.replace("-", "_")) for noun in NOUNS.values() if by in noun.filters}


def test_every_operation_has_a_name_of_its_own() -> None:
    names = Counter([answer.name for answer in ANSWERS] + [change.name for change in CHANGES])

    assert [name for name, times in names.items() if times > 1] == []


def test_no_two_answers_about_one_kind_of_record_are_called_alike() -> None:
    names = Counter((answer.of, answer.called) for answer in ANSWERS)

    assert [name for name, times in names.items() if times > 1] == []


def test_no_answer_is_called_like_something_its_record_has() -> None:
    about = [answer for answer in ANSWERS if answer.of is not None]
    has = {
        answer.name: {field.name for field in answer.of.fields} | lists_below(answer) for answer in about if answer.of
    }

    assert about
    assert [answer.name for answer in about if answer.called in has[answer.name]] == []


def test_no_answer_about_a_trust_is_called_like_a_record_or_a_list() -> None:
    taken = {to_camel(noun.table) for noun in NOUNS.values()} | {to_camel(one.replace("-", "_")) for one in NOUNS}
    about_trusts = [answer.called for answer in ANSWERS if answer.of is None]

    assert about_trusts
    assert [name for name in about_trusts if name in taken] == []
