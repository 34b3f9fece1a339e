"""A map server on this machine (WMS, WMTS, XYZ, each tile in the colour of its kind), and a PMTiles file made here."""

import gzip
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import pack
from threading import Thread
from urllib.parse import parse_qs, urlsplit

COLOURS = {
    "wms": (200, 30, 30),
    "wms13": (30, 160, 30),
    "wmts": (30, 30, 200),
    "xyz": (200, 160, 30),
    "pmtiles": (120, 30, 160),
}

LAYERS = """
[[layers]]
kind = "wms"
title = "Karta 1.1.1"
url = "{url}/wms"
layers = "stad"
crs = "EPSG:3011"
attribution = "© Teststaden"
dark = {{ layers = "stad_mork" }}

[[layers]]
kind = "wms"
title = "Karta 1.3.0"
url = "{url}/wms13"
version = "1.3.0"
layers = "stad"
crs = "EPSG:3011"
attribution = "© Teststaden 1.3"

[[layers]]
kind = "wmts"
title = "Rutor"
url = "{url}/wmts"
layer = "stad"
matrix_set = "3011"
crs = "EPSG:3011"
origin = [100000, 6700000]
resolutions = [64, 32, 16, 8, 4, 2, 1]
attribution = "© Rutorna"

[[layers]]
kind = "xyz"
title = "Hela jorden"
url = "{url}/xyz/{{z}}/{{x}}/{{y}}.png"
attribution = "© Jorden"

[[layers]]
kind = "pmtiles"
title = "Egen fil"
file = "stad.pmtiles"
attribution = "© Egen fil"

[[layers]]
kind = "xyz"
title = "Trasig"
url = "{url}/trasig/{{z}}/{{x}}/{{y}}.png"
attribution = "© Ingen"
"""


def picture(colour):
    """A PNG of 256 by 256 pixels of one colour."""
    row = b"\0" + bytes(colour) * 256
    parts = [(b"IHDR", pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(row * 256)), (b"IEND", b"")]
    chunks = [pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data)) for kind, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def pmtiles(tile_type=2, last_zoom=15):
    """A file of PMTiles version 3 in which every tile down to `last_zoom` is the same picture."""
    tile = picture(COLOURS["pmtiles"])
    count = (4 ** (last_zoom + 1) - 1) // 3
    directory = gzip.compress(b"".join(map(varint, (1, 0, count, len(tile), 1))))  # one run: ids, run, length, offset
    meta = gzip.compress(b"{}")
    places = [127, len(directory), 127 + len(directory), len(meta), 0, 0, 127 + len(directory) + len(meta), len(tile)]
    head = b"PMTiles\x03" + pack("<8Q", *places) + pack("<3Q", count, 1, 1)
    head += bytes([1, 2, 1, tile_type, 0, last_zoom]) + pack("<4i", -1800000000, -850000000, 1800000000, 850000000)
    head += bytes([10]) + pack("<2i", 180000000, 593000000)
    assert len(head) == 127
    return head + directory + meta + tile


class MapServer:
    """What was asked of it stands in `asked`: (kind, parameters or path). The layer "Trasig" is nowhere."""

    def __init__(self):
        asked = self.asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                kind = parts.path.split("/")[1]
                query = {name.upper(): values[0] for name, values in parse_qs(parts.query).items()}
                asked.append((kind, query or parts.path))
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(picture(COLOURS[kind]))

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def of(self, kind):
        return [what for asked, what in self.asked if asked == kind]

    def install(self, data_dir):
        """Write the file that lists this server's layers, and the map file of our own; return the list's path."""
        (data_dir / "maps").mkdir()
        (data_dir / "maps" / "stad.pmtiles").write_bytes(pmtiles())
        path = data_dir / "maps.toml"
        path.write_text(LAYERS.format(url=self.url), "utf-8")
        return path

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
