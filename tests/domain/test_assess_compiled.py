"""The quick way to a grade says what the verdict with all its reasons says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consumers.opening import rulebooks
from domain.assess.compiled import quick
from domain.assess.verdict import verdict
from domain.rulebooks.predicates import NA, Counted, Facts, Tallies
from domain.rulebooks.rulebook import Rulebook

BOOKS = rulebooks()
VALUES = st.one_of(
    st.booleans(),
    st.sampled_from(["none", "slight", "reduced", "lost", "direct", "major", "critical"]),
    st.sampled_from([0, 9, 10, 30, 60, 500, 999_999, 1_000_000, 2_000_000, 10_000_000]),
    st.just(NA),
)
COUNTS = st.builds(Counted, st.integers(0, 600), st.integers(0, 1))


@pytest.mark.parametrize("book", [b for b in BOOKS if b.grading], ids=lambda b: b.id)
@given(data=st.data())
def test_a_compiled_scheme_says_what_the_verdict_says(
    book: Rulebook, data: st.DataObject
) -> None:
    assert book.grading is not None
    names = sorted({n for grade in book.grading.grades for n in grade.when.facts()})
    views: dict[int, Facts] = data.draw(
        st.dictionaries(
            st.integers(1, 2),
            st.dictionaries(st.sampled_from(names or ["x"]), VALUES),
            min_size=1,
        )
    )
    tallies = st.fixed_dictionaries(dict.fromkeys(book.tallies, COUNTS))
    counts: dict[int, Tallies] = {item: data.draw(tallies) for item in views}

    said = verdict(book.grading, views, counts)
    asked = [(view, counts[item].get) for item, view in views.items()]

    assert quick(book.grading).graded(asked) == (said.code, said.might_be)
