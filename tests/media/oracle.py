"""What others read in the real photos, as photos.csv beside them tells it."""

import csv
from datetime import datetime

from core.clock import STOCKHOLM


def rows_of(shared_data):
    """The rows of photos.csv."""
    return list(csv.DictReader((shared_data / "photos" / "photos.csv").read_text("utf-8").splitlines()))


def taken_of(row):
    """When the photo was taken as photos.csv says; without a zone the city's own is meant."""
    if not row["datetime_original"]:
        return None
    written = datetime.strptime(row["datetime_original"], "%Y:%m:%d %H:%M:%S")
    return (
        datetime.fromisoformat(written.isoformat() + row["offset"])
        if row["offset"]
        else written.replace(tzinfo=STOCKHOLM)
    )


def place_of(row):
    """Where the photo was taken as photos.csv says, where that may be in Sweden."""
    if row["gps"] == "nej":
        return None
    latitude, longitude = float(row["lat"]), float(row["lon"])
    return (latitude, longitude) if 55 <= latitude <= 70 and 10 <= longitude <= 25 else None


def upright_of(row):
    return tuple(map(int, row["upprätt_bredd_hojd"].split("x")))
