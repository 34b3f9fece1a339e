"""What is read of figures: sums that say what they lack, who sees what, classes of the map."""

from datetime import date
from uuid import uuid4

import pytest
from shapely import box

from core import db, geo
from core.figures import maps, services
from core.figures.cells import told as number
from core.figures.models import MISSING, SUPPRESSED, VALUE, Indicator
from core.figures.naming import indicators_by_key, meant
from core.figures.services import Told
from core.figures.services.reading import summed
from core.figures.words import said
from core.people.services import organisation
from core.places.models import DISTRICT, MUNICIPALITY, Area
from tests.figures.conftest import put


@pytest.fixture
def knower(actors):
    return actors("slk_handlaggare", "slk")


def of(actor, key, kind=DISTRICT, period=None, part=None):
    """The figures of an indicator in its newest period, by area, in words; and the city's."""
    indicator = indicators_by_key()[key]
    choice = services.choose(actor, indicator, kind, part)
    days = services.periods(actor, choice)
    told = services.by_area(actor, choice, days[0]) if days else {}
    city = services.of_the_city(actor, choice, days)
    words = {code: said(indicator, one) for code, one in told.items()}
    return words | ({"city": said(indicator, city[days[0]])} if days and days[0] in city else {})


def test_a_sum_says_what_it_lacks_and_nothing_but_gaps_is_no_sum(database, scene, knower):
    with database.transaction():
        for area, parts in {"farsta": ("40", "..", "-"), "skarpnack": ("..", "x", "..")}.items():
            for part, text in zip(("Brand", "Bråk", "Rån"), parts, strict=True):
                put(knower, "polishandelser", area, "2024-05", text, part=part)
        assert of(knower, "polishandelser") == {
            "farsta": "40, utan 1 som inte redovisas och 1 som saknas",
            "skarpnack": "redovisas inte",
            "city": "40, utan 4 som inte redovisas och 1 som saknas",
        }
        assert of(knower, "polishandelser", part="Brand") == {
            "farsta": "40", "skarpnack": "redovisas inte", "city": "40, utan 1 som inte redovisas",
        }  # fmt: skip
    assert summed(None, 0, 2) == Told(MISSING, missing=2)
    assert summed(None, 1, 2).status == SUPPRESSED
    assert (summed(0, 1, 0).status, summed(0, 0, 0).whole) == (VALUE, True)


def test_percentages_are_never_added_up_and_the_citys_own_figure_goes_before_a_sum(database, scene, knower):
    with database.transaction():
        put(knower, "trygg_kvall", "farsta", "2024", "60")
        put(knower, "trygg_kvall", "skarpnack", "2024", "<5")
        assert of(knower, "trygg_kvall") == {"farsta": "60 %", "skarpnack": "redovisas inte"}
        put(knower, "trygg_kvall", "0180", "2024", "66", kind=MUNICIPALITY)
        assert of(knower, "trygg_kvall")["city"] == "66 %"


def test_a_period_with_a_figure_of_the_citys_own_leaves_the_others_their_sums(database, scene, knower):
    with database.transaction():
        for period in ("2023", "2024"):
            put(knower, "polishandelser", "farsta", period, "40")
            put(knower, "polishandelser", "skarpnack", period, "20")
        put(knower, "polishandelser", "0180", "2024", "70", kind=MUNICIPALITY)
        choice = services.choose(knower, indicators_by_key()["polishandelser"], DISTRICT)
        city = services.of_the_city(knower, choice, services.periods(knower, choice))
    assert {first.year: one.value for (first, _), one in city.items()} == {2024: 70, 2023: 60}


def test_restricted_figures_are_seen_by_those_who_work_there(database, scene, knower, actors):
    with database.transaction() as session:
        facts = {"kind": DISTRICT, "code": "jarva", "name": "Järva", "valid_from": date(2023, 7, 1)}
        shape = geo.multipolygon(box(668_000, 6_590_000, 669_000, 6_591_000))
        session.add(Area(**facts, geom=shape, organisation_id=organisation("sdn-jarva").id))
        for area in ("farsta", "jarva"):
            put(knower, "lagesbild_kansliga", area, "2024 kv 1", "7")
    seen = {
        ("slk_handlaggare", "slk"): {"farsta", "jarva", "city"},
        ("sdn_samordnare", "sdn-farsta"): {"farsta"},
        ("sdn_samordnare", "sdn-skarpnack"): set(),
        ("polis", "polis-jarva"): {"jarva"},
        ("polis", "polis-farsta"): set(),  # whose area is not surely that of the board
        ("entreprenor", "demo-entreprenor"): set(),
        ("falt", "sdn-farsta"): set(),
    }
    for (role, home), areas in seen.items():
        who = actors(role, home)
        with database.transaction(write=False):
            assert set(of(who, "lagesbild_kansliga")) == areas, role
            lines = {line.indicator.key: line for line in services.overview(who)}
            assert (lines["lagesbild_kansliga"].period is not None) == bool(areas), role


def test_a_sum_of_restricted_figures_is_the_citys_only_to_who_sees_all_of_it(database, scene, knower, actors):
    with database.transaction():
        put(knower, "lagesbild_kansliga", "farsta", "2024 kv 1", "7")
        put(knower, "lagesbild_kansliga", "skarpnack", "2024 kv 1", "9")
    farsta = actors("sdn_samordnare", "sdn-farsta")
    with database.transaction(write=False):
        assert of(farsta, "lagesbild_kansliga") == {"farsta": "7"}
        assert of(knower, "lagesbild_kansliga")["city"] == "16"


def test_the_same_indicator_again_is_the_same_and_another_under_its_uid_is_refused(database, scene, knower):
    said = {"uid": uuid4(), "key": "klagomal", "title": "Klagomål", "kind": "tillstand", "unit": "antal", "adds": True}
    said |= {"level": "1", "suppression": "markta", "every": "ar", "source": "Prov", "direction": "lagre"}
    with database.transaction():
        made = services.add_indicator(knower, **said)
        assert services.add_indicator(knower, **said).id == made.id
        with pytest.raises(db.Conflict):
            services.add_indicator(knower, **said | {"source": "En annan"})


def test_a_change_is_since_a_period_of_the_same_length(database, scene, knower, client):
    with database.transaction():
        for period, text in (("2024", "400"), ("2024 kv 4", "90"), ("2023 kv 4", "80"), ("2023", "300")):
            put(knower, "polishandelser", "farsta", period, text)
        [one] = services.of_areas(knower, {(DISTRICT, "farsta")})
        assert (one.told.value, one.before[1].value) == (400, 300)
        uid = indicators_by_key()["polishandelser"].uid
    client.login(knower)
    assert "+100" in client.get(f"/statistik/{uid}").text


def test_an_area_is_known_however_it_is_spelt(database, scene):
    with database.transaction(write=False):
        for text in ("Farsta", "farsta", "FARSTA", "08 Farsta", "Farsta sdf", "Farsta stadsdelsnämnd", "SDN Farsta"):
            assert meant(DISTRICT, text) == "farsta", text
        for text in ("Farstanäset", "", "Hela staden", "Far sta strand"):
            assert meant(DISTRICT, text) is None, text
        for text in ("Stockholm", "Stockholms stad", "0180", "0180 Stockholm", "Hela staden", "Totalt"):
            assert meant(MUNICIPALITY, text) == "0180", text


def test_classes_are_as_many_areas_each_as_equal_values_let():
    def shades(values):
        return [(one.shade, one.low, one.high, one.areas) for one in maps.classes(values)]

    assert shades(range(1, 11)) == [(1, 1, 2, 2), (2, 3, 4, 2), (3, 5, 6, 2), (4, 7, 8, 2), (5, 9, 10, 2)]
    assert shades([]) == []
    assert shades([4, 4, 4]) == [(3, 4, 4, 3)]
    assert [row[0] for row in shades([1, 1, 1, 9])] == [1, 5]
    assert maps.shade_of(Told(SUPPRESSED), maps.classes([1, 2])) is None


def test_numbers_are_told_as_people_write_them():
    assert [number(one) for one in (1234567, 62.5, 0.25, 12.0)] == ["1\u00a0234\u00a0567", "62,5", "0,25", "12"]
    assert number(-3) == "\u22123"


def test_a_gap_is_told_as_fewer_than_five_only_where_that_is_why():
    few, marked = Indicator(unit="antal", suppression="farre_an_fem"), Indicator(unit="antal", suppression="markta")
    assert said(few, Told(SUPPRESSED)) == "färre än 5"
    assert said(marked, Told(SUPPRESSED)) == "redovisas inte"
    assert said(few, Told(MISSING)) == "saknas"
    share = Indicator(unit="procent", suppression="farre_an_fem")
    assert said(share, Told(SUPPRESSED)) == "redovisas inte", "of a share nobody says how many"
