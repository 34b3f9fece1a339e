"""Real files: the police's events, Norwegian counts with gaps, the city's basområden; no gap became zero."""

import csv
import json
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from core.figures import services
from core.figures.models import MISSING, SUPPRESSED, VALUE, Figure
from core.places import areafiles
from core.places.models import DISTRICT, MUNICIPALITY, Area
from core.places.services import import_areas
from tests.figures.conftest import HOUSE, book

CITY = f"statistik:{MUNICIPALITY}"


@pytest.fixture
def statuses(database):
    """How many figures there are of each status, and how many zeros."""

    def count():
        with database.transaction(write=False) as session:
            rows = select(Figure.status, func.count()).where(Figure.undone_at.is_(None)).group_by(Figure.status)
            zeros = select(func.count()).select_from(Figure).where(Figure.value == 0)
            return Counter(dict(session.execute(rows).all())), session.scalar(zeros)

    return count


@pytest.mark.one_database
def test_the_norwegian_gaps_are_as_many_as_in_the_file_and_none_became_zero(take, shared_data, statuses, reader):
    file = shared_data / "lagesbild" / "ssb_anmeldte_lovbrudd_kommune_2020-2024.csv"
    lines = list(csv.DictReader(file.read_text("utf-8").splitlines()))[:300]
    parts = ("rusmidler", "orden_integritet")
    gaps = sum(line[name] == "NA" for line in lines for name in parts)
    rows = [f"{line['komnr']};{line['navn']};{line['år']};{name};{line[name]}" for line in lines for name in parts]
    done = take(book("komnr;navn;år;kategori;anmalda_brott", *rows), kind=CITY, source="SSB")
    assert done["rows"] == {"inford": len(rows)}, done["tally"]
    found, zeros = statuses()
    assert gaps > 20
    assert found == {VALUE: len(rows) - gaps, SUPPRESSED: gaps}
    assert zeros == 0


@pytest.mark.long
@pytest.mark.one_database
def test_all_the_norwegian_ones_wide_as_they_came(take, shared_data, statuses, database):
    """The file itself, with a column mapped by hand: rows of 357 municipalities in four periods."""
    file = shared_data / "lagesbild" / "ssb_anmeldte_lovbrudd_kommune_2020-2024.csv"
    lines = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    rows = [f"{line['komnr']};{line['navn']};{line['år']};{line['rusmidler']}" for line in lines]
    take(book("komnr;navn;år;anmalda_brott", *rows), kind=CITY, source="SSB")
    gaps = sum(line["rusmidler"] == "NA" for line in lines)
    assert statuses() == ({VALUE: len(lines) - gaps, SUPPRESSED: gaps}, 0)


@pytest.mark.one_database
def test_the_polices_events_by_month_and_kind_add_up(take, reader, shared_data, database, scene):
    file = (shared_data / "lagesbild" / "polisen_stockholm_manad_typ.csv").read_text("utf-8")
    lines = list(csv.DictReader(file.splitlines()))
    month = max(line["manad"] for line in lines)
    recent = [line for line in lines if line["manad"] >= "2025-10"]
    rows = [";".join(line.values()) for line in recent]
    found = reader.send(book("manad;handelsetyp;antal", *rows), kind=CITY, source="Polisen")
    assert found["mapping"].keys() == {"period", "part"}, "of which indicator the numbers are nobody can guess"
    tried = reader.say("PUT", found, "mapping", columns=found["mapping"] | {"i_polishandelser": 2})
    assert reader.move(tried, "for_in")["rows"] == {"inford": len(recent)}, tried["tally"]
    with database.transaction(write=False):
        [indicator] = [one for one in services.list_indicators(scene.leader) if one.key == "polishandelser"]
        choice = services.choose(scene.leader, indicator)
        [newest, *_] = services.periods(scene.leader, choice)
        [(_, told)] = services.by_area(scene.leader, choice, newest).items()
    assert newest[0].strftime("%Y-%m") == month
    assert told.value == sum(int(line["antal"]) for line in recent if line["manad"] == month)


@pytest.mark.one_database
def test_basomraden_know_their_stadsdel_and_their_board_and_take_their_population(take, database, shared_data, scene):
    geo = shared_data / "geo"
    with database.transaction() as session:
        for kind, name in ((DISTRICT, "stadsdelsnamndsomraden_11_enkel"), ("basomrade", "basomraden_419")):
            features = areafiles.read_areas(geo / f"stockholm_{name}.geojson")
            import_areas(HOUSE, features, kind=kind, valid_from=date(2023, 7, 1), source=name)
        bas = session.scalars(select(Area).where(Area.kind == "basomrade")).all()
        assert len(bas) == 419
        [tre_kronor] = [area for area in bas if area.code == "1010110"]
        assert (tre_kronor.in_stadsdel, tre_kronor.in_district) == ("gamla-stan", "sodermalm")
        assert all(area.organisation_id for area in bas)
    facts = [
        one["properties"] for one in json.loads((geo / "stockholm_basomraden_419.geojson").read_text())["features"]
    ]
    rows = [f"{one['nyckelkod']};2016;;{one['folkmangd_2016']}" for one in facts[:60]]
    rows += [f"{one['nyckelkod']};2016;0–5 år;{one['alder_0_5']}" for one in facts[:60]]
    done = take(book("nyckelkod;år;ålder;folkmangd", *rows), kind="statistik:basomrade", source="Områdesfakta")
    assert done["rows"] == {"inford": 120}
    with database.transaction(write=False):
        [indicator] = [one for one in services.list_indicators(scene.leader) if one.key == "folkmangd"]
        [whole] = services.periods(scene.leader, services.choose(scene.leader, indicator))
        told = services.by_area(scene.leader, services.choose(scene.leader, indicator), whole)
        young = services.by_area(scene.leader, services.choose(scene.leader, indicator, part="0–5 år"), whole)
        assert told["1010110"].value == facts[0]["folkmangd_2016"] == 24, "its own figure, not the sum with its ages"
        assert young["1010110"].value == facts[0]["alder_0_5"] == 0, "a zero in the file is a zero"
        missing = services.lacking(scene.leader, services.choose(scene.leader, indicator), whole)
    assert len(missing) == 60, "the first of 359"
    assert MISSING == "saknas"
