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
    """Where the photo was taken as photos.csv says; 0, 0 is where cameras are that do not know."""
    return None if row["gps"] == "nej" or row["lat"] == "0" else (float(row["lat"]), float(row["lon"]))


def upright_of(row):
    return tuple(map(int, row["upprätt_bredd_hojd"].split("x")))
