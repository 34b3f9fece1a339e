"""The rules of walks and observations. No function commits or knows the web; each takes the actor first."""

from core.walks.services.changes import CALLED, Answer, changes_of, is_called, move_observation, note_call
from core.walks.services.counts import count_participants, participants_of
from core.walks.services.duplicates import keep_both, merge, merged_into, near_query, pairs_of
from core.walks.services.inbox import (
    ANSWERS,
    answer,
    answer_all,
    chosen,
    count_inbox,
    inbox_query,
    list_inbox,
    send_all,
    waiting_on,
)
from core.walks.services.light import light_of, sun_of
from core.walks.services.observations import (
    add_photo,
    change_observation,
    log_observation,
    observations_of,
    read_observation,
)
from core.walks.services.placing import Position, on_the_way, places_near, things_near
from core.walks.services.planning import (
    change_walk,
    people_for,
    places_to_choose,
    places_written,
    route_of,
    warnings_about,
)
from core.walks.services.promises import DANGER, KINDS, about_walk, frister_of
from core.walks.services.protocol import adjustments_of, protocol_of
from core.walks.services.reaching import organisations, reaches
from core.walks.services.reports import report
from core.walks.services.walks import (
    GRAVE,
    Wanted,
    add_walk,
    followed_by,
    led_by,
    list_walks,
    move_walk,
    ongoing,
    organisers,
    read_walk,
    seems_unheld,
)
from core.walks.services.way import Stop, line_of, stops_of, written_line, written_stop

__all__ = [
    "ANSWERS",
    "CALLED",
    "DANGER",
    "GRAVE",
    "KINDS",
    "Answer",
    "Position",
    "Stop",
    "Wanted",
    "about_walk",
    "add_photo",
    "add_walk",
    "adjustments_of",
    "answer",
    "answer_all",
    "change_observation",
    "change_walk",
    "changes_of",
    "chosen",
    "count_inbox",
    "count_participants",
    "followed_by",
    "frister_of",
    "inbox_query",
    "is_called",
    "keep_both",
    "led_by",
    "light_of",
    "line_of",
    "list_inbox",
    "list_walks",
    "log_observation",
    "merge",
    "merged_into",
    "move_observation",
    "move_walk",
    "near_query",
    "note_call",
    "observations_of",
    "on_the_way",
    "ongoing",
    "organisations",
    "organisers",
    "pairs_of",
    "participants_of",
    "people_for",
    "places_near",
    "places_to_choose",
    "places_written",
    "protocol_of",
    "reaches",
    "read_observation",
    "read_walk",
    "report",
    "route_of",
    "seems_unheld",
    "send_all",
    "stops_of",
    "sun_of",
    "things_near",
    "waiting_on",
    "warnings_about",
    "written_line",
    "written_stop",
]
