"""The file of base maps: what it may say, what it is told when it cannot be used, and what follows for the browser."""

from dataclasses import replace

import pytest

from core import base_maps
from core.app import create_app
from core.base_maps import BaseMapsRefused, read
from core.settings import SettingRefused, Settings
from core.testing.people import Client
from tests.journeys.map_server import LAYERS, pmtiles

WMS = {
    "kind": "wms",
    "title": "Stad",
    "attribution": "©",
    "url": "https://karta.example/wms",
    "layers": "a",
    "crs": "EPSG:3011",
}
TILES = {"kind": "xyz", "title": "Rutor", "attribution": "©", "url": "https://rutor.example/{z}/{x}/{y}.png"}
OWN = {"kind": "pmtiles", "title": "Egen", "attribution": "©", "file": "stad.pmtiles"}


@pytest.fixture
def listed(tmp_path):
    """Write a file of these layers; returns its path."""

    def listed(*layers):
        path = tmp_path / "maps.toml"
        lines = [["[[layers]]", *(f"{name} = {_toml(value)}" for name, value in layer.items())] for layer in layers]
        path.write_text("\n".join(line for part in lines for line in part), "utf-8")
        (tmp_path / "maps").mkdir(exist_ok=True)
        (tmp_path / "maps" / "stad.pmtiles").write_bytes(pmtiles())
        return path

    return listed


def _toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_toml(one)}" for name, one in value.items()) + "}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_without_a_file_there_are_none(tmp_path):
    assert read(None, tmp_path) == ()


def test_every_kind_is_read_and_only_named_servers_are_let_in(listed, tmp_path):
    dark = {"url": "https://natt.example:8443/wms"}
    layers = read(listed(WMS | {"dark": dark}, TILES, OWN), tmp_path)
    assert [layer["url"] for layer in layers] == [WMS["url"], TILES["url"], "/kartor/stad.pmtiles"]
    assert [layer["crs"] for layer in layers] == ["EPSG:3011", "EPSG:3857", "EPSG:3857"]
    assert base_maps.hosts(layers) == ["https://karta.example", "https://natt.example:8443", "https://rutor.example"]
    assert base_maps.files(layers) == {"stad.pmtiles"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (WMS | {"kind": "wfs"}, "Lager 1 (Stad): kind ska vara wms, wmts, xyz, pmtiles."),
        (WMS | {"attribution": ""}, "Lager 1 (Stad): attribution saknas."),
        (WMS | {"farg": "blå"}, "Lager 1 (Stad): farg finns inte för wms."),
        (WMS | {"version": "1.0.0"}, "Lager 1 (Stad): version ska vara 1.1.1 eller 1.3.0."),
        (WMS | {"crs": "EPSG:3021"}, "Lager 1 (Stad): crs ska vara EPSG:3857 eller EPSG:3006 till EPSG:3018."),
        (WMS | {"layers": 3}, "Lager 1 (Stad): layers ska vara en text inom citattecken."),
        (
            WMS | {"url": "ftp://karta.example"},
            "Lager 1 (Stad): url ska börja med https:// och en server, utan användarnamn.",
        ),
        (
            WMS | {"url": "https://a:b@karta.example/"},
            "Lager 1 (Stad): url ska börja med https:// och en server, utan användarnamn.",
        ),
        (
            WMS | {"url": "https://karta.example;script-src"},
            "Lager 1 (Stad): url ska börja med https:// och en server, utan användarnamn.",
        ),
        (WMS | {"dark": {"title": "Natt"}}, "Lager 1 (Stad): dark får bara ha annan adress, fil eller lager."),
        (TILES | {"url": "https://rutor.example/"}, "Lager 1 (Rutor): url ska ha {z}, {x} och {y} eller {-y}."),
        (TILES | {"crs": "EPSG:3006"}, "Lager 1 (Rutor): skriv origin och resolutions, de följer inte av EPSG:3006."),
        (
            TILES | {"resolutions": [1, 2]},
            "Lager 1 (Rutor): resolutions ska vara tal från störst till minst, i meter per bildpunkt.",
        ),
        (TILES | {"max_zoom": 0}, "Lager 1 (Rutor): max_zoom ska vara ett heltal."),
        (OWN | {"url": "https://karta.example/a.pmtiles"}, "Lager 1 (Egen): skriv url eller file, det ena av dem."),
        (OWN | {"file": "../hemligt.pmtiles"}, "Lager 1 (Egen): file ska vara namnet på en .pmtiles-fil, utan mapp."),
        (OWN | {"file": "annan.pmtiles"}, "Lager 1 (Egen): lägg annan.pmtiles i mappen maps under DATA_DIR."),
    ],
)
def test_what_cannot_be_used_is_told(listed, tmp_path, said, told):
    with pytest.raises(BaseMapsRefused) as refused:
        read(listed(said), tmp_path)
    assert str(refused.value) == told


def test_a_map_file_of_vectors_is_told_apart(listed, tmp_path):
    path = listed(OWN)
    (tmp_path / "maps" / "stad.pmtiles").write_bytes(pmtiles(tile_type=1))
    with pytest.raises(BaseMapsRefused, match="inte vektorer"):
        read(path, tmp_path)


@pytest.mark.parametrize("text", ["[[layers", 'title = "x"', "layers = 3", "\x00"])
def test_what_is_no_such_file_stops_the_start(tmp_path, text):
    (tmp_path / "maps.toml").write_text(text, "utf-8")
    for name in ("maps.toml", "finns-inte.toml"):
        with pytest.raises(SettingRefused, match=r"TRYGGPLATS_BASE_MAPS: .*\.toml"):
            Settings(env="test", data_dir=tmp_path, base_maps=tmp_path / name).completed()


def test_a_map_file_is_handed_out_in_parts_to_those_who_are_logged_in(settings, actors):
    (settings.data_dir / "maps").mkdir()
    whole = pmtiles()
    for name in ("stad.pmtiles", "annan.pmtiles"):
        (settings.data_dir / "maps" / name).write_bytes(whole)
    path = settings.data_dir / "maps.toml"
    path.write_text(LAYERS.format(url="https://karta.example"), "utf-8")
    app = create_app(replace(settings, base_maps=path))
    client = Client(app, actors)
    assert client.get("/kartor/stad.pmtiles").status_code in (302, 303, 401)
    client.login(actors("falt", "sdn-farsta"))
    part = client.get("/kartor/stad.pmtiles", headers={"Range": "bytes=0-126"}, buffered=True)
    assert (part.status_code, part.data) == (206, whole[:127])
    assert "public" not in part.headers["Cache-Control"]
    assert client.get("/kartor/annan.pmtiles").status_code == 404, "not one that the list names"
    policy = part.headers["Content-Security-Policy"]
    assert "connect-src 'self' https://karta.example;" in policy
    assert "img-src 'self' blob: data: https://karta.example;" in policy
    app.database.dispose()
