"""Sets of ids."""

from hypothesis import given
from hypothesis import strategies as st

from app.projection.ids import Ids


@given(st.lists(st.sets(st.integers(0, 5000), max_size=40), max_size=5), st.integers(1, 9))
def test_they_are_sets_in_their_order(groups: list[set[int]], size: int) -> None:
    expected: set[int] = set()
    ids = Ids()
    for group in groups:
        ids.update(group)
        expected |= group
    assert list(ids) == sorted(expected)
    assert len(ids) == len(expected)
    assert list(Ids(ids)) == sorted(expected)
    batches = list(ids.batches(size))
    assert [one for batch in batches for one in batch] == sorted(expected)
    assert all(len(batch) == size for batch in batches[:-1])
