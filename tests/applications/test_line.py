"""The cut line: whatever the order and the frames, no year gives more than it has, and each year is its own."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.applications.line import Row, cut, moved
from core.applications.points import Judged, total, verdict

YEARS = (2027, 2028, 2029)
kronor = st.integers(0, 20_000_000)
amounts = st.dictionaries(st.sampled_from(YEARS), kronor)
frames = st.dictionaries(st.sampled_from(YEARS), st.integers(0, 60_000_000))


@st.composite
def orders(draw):
    many = draw(st.lists(st.tuples(amounts, st.booleans()), max_size=12))
    return [Row(key, proposed, counts) for key, (proposed, counts) in enumerate(many)]


def test_the_published_example():
    """The table of the drawing: eleven fit in 2027, the twelfth would take 2 990 000 too much."""
    asked = [2_000, 4_900, 3_700, 1_650, 2_800, 1_900, 850, 2_600, 2_400, 290, 2_500, 3_100, 700]
    rows = [Row(place, {2027: amount * 1_000}) for place, amount in enumerate(asked)]
    found = cut(rows, {2027: 25_700_000})
    assert found.lines == {2027: 11}
    assert found.above == {2027: 25_590_000}
    assert found.remains == {2027: 110_000}
    assert [one.left[2027] for one in found.placed[-3:]] == [110_000, -2_990_000, -3_690_000]
    assert [one.fits for one in found.placed] == [True] * 11 + [False] * 2


def test_another_order_moves_the_line():
    rows = [Row("a", {2027: 6}), Row("b", {2027: 5}), Row("c", {2027: 4})]
    assert cut(rows, {2027: 10}).lines == {2027: 1}
    swapped = {row.key: row for row in rows}
    found = cut([swapped[key] for key in moved(["a", "b", "c"], "c", 1)], {2027: 10})
    assert found.lines == {2027: 2}
    assert [one.row.key for one in found.placed if one.fits] == ["a", "c"]


def test_what_does_not_count_takes_nothing_and_never_fits():
    found = cut([Row("gate", {2027: 90}, counts=False), Row("b", {2027: 10})], {2027: 10})
    assert [one.fits for one in found.placed] == [False, True]
    assert found.lines == {}


@given(orders(), frames)
def test_what_fits_is_never_more_than_there_is(rows, left):
    found = cut(rows, left)
    for year, amount in found.above.items():
        assert 0 <= amount <= max(left.get(year, 0), 0)
        assert amount == sum(one.row.takes(year) for one in found.placed if one.fits)
    assert all(amount >= 0 for amount in found.remains.values())


@given(orders(), frames)
def test_what_is_left_after_a_row_is_the_frame_less_all_down_to_it(rows, left):
    found = cut(rows, left)
    for place, one in enumerate(found.placed):
        for year in found.frames:
            assert one.left[year] == found.frames[year] - sum(row.takes(year) for row in rows[: place + 1])


@given(orders(), frames, st.sampled_from(YEARS))
def test_each_year_has_its_own_line_whatever_is_asked_of_the_others(rows, left, year):
    alone = [Row(row.key, {year: row.proposed.get(year, 0)}, row.counts) for row in rows]
    mine = {year: left.get(year, 0)}
    assert cut(rows, left).lines.get(year) == cut(alone, mine).lines.get(year)


@given(orders(), frames)
def test_nothing_under_a_years_line_gets_its_money(rows, left):
    found = cut(rows, left)
    for year, place in found.lines.items():
        assert not any(one.fits for one in found.placed[place:] if one.row.takes(year))


@given(orders(), frames, st.data())
def test_a_move_changes_the_order_and_nothing_else(rows, left, data):
    if not rows:
        return
    keys = [row.key for row in rows]
    key, to = data.draw(st.sampled_from(keys)), data.draw(st.integers(-3, 20))
    order = moved(keys, key, to)
    assert sorted(order) == sorted(keys)
    assert [one for one in order if one != key] == [one for one in keys if one != key]
    assert order.index(key) == min(max(to, 0), len(keys) - 1)
    if len(rows) > 1:  # down to the last row, the frame lacks as much whatever the order
        by_key = {row.key: row for row in rows}
        assert cut([by_key[one] for one in order], left).placed[-1].left == cut(rows, left).placed[-1].left


# --- Points -------------------------------------------------------------------------------------------------------

CRITERIA = [Judged("grind", "Grind", gate=True), Judged("a", "A", weight=60), Judged("b", "B", weight=40)]
scores = st.fixed_dictionaries({"grind": st.integers(0, 1), "a": st.integers(0, 3), "b": st.integers(0, 3)})


def test_points_are_weighed_to_a_hundred():
    assert total(CRITERIA, {"a": 3, "b": 3}) == 100
    assert total(CRITERIA, {"a": 3}) == 60
    assert total(CRITERIA, {"a": 1, "b": 2}) == 47
    assert total(CRITERIA, {}) == total([], {"a": 3}) == 0


def test_half_is_shown_upwards():
    scale = [Judged("a", "A", weight=50), Judged("b", "B", weight=25), Judged("c", "C", weight=25)]
    halves = [{"a": 2, "b": 2, "c": 2}, {"a": 2, "b": 2, "c": 1}]
    assert verdict(scale, halves, {}).exact == Fraction(125, 2)
    assert verdict(scale, halves, {}).total == 63


def test_more_than_one_point_apart_or_a_gate_seen_differently_asks_for_a_note():
    each = [{"grind": 1, "a": 3, "b": 2}, {"grind": 0, "a": 1, "b": 1}]
    said = verdict(CRITERIA, each, {})
    assert said.apart == said.lacks_note == ("grind", "a")
    assert said.fails == ("grind",)
    settled = verdict(CRITERIA, each, {"grind": 1, "a": 3})
    assert (settled.lacks_note, settled.fails) == ((), ())
    assert (said.total, settled.total) == (60, 80), "what they agreed on stands for both"
    assert verdict(CRITERIA, each, {"grind": None, "a": None}).total == said.total, "each stands by her own"


@given(scores, scores)
def test_together_lies_between_the_two(one, other):
    both = sorted((total(CRITERIA, one), total(CRITERIA, other)))
    assert both[0] <= verdict(CRITERIA, [one, other], {}).total <= both[1]
