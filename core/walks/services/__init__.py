"""The rules of walks and observations. No function commits or knows the web; each takes the actor first."""

from core.walks.services.changes import CALLED, changes_of, is_called, move_observation, note_call
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
from core.walks.services.observations import (
    Position,
    add_photo,
    change_observation,
    log_observation,
    observations_of,
    on_the_way,
    read_observation,
    read_walk_places,
)
from core.walks.services.promises import DANGER, KINDS, about_walk, frister_of
from core.walks.services.reaching import organisations, reaches
from core.walks.services.walks import GRAVE, add_walk, list_walks, move_walk, read_walk

__all__ = [
    "ANSWERS",
    "CALLED",
    "DANGER",
    "GRAVE",
    "KINDS",
    "Position",
    "about_walk",
    "add_photo",
    "add_walk",
    "answer",
    "answer_all",
    "change_observation",
    "changes_of",
    "chosen",
    "count_inbox",
    "frister_of",
    "inbox_query",
    "is_called",
    "list_inbox",
    "list_walks",
    "log_observation",
    "move_observation",
    "move_walk",
    "note_call",
    "observations_of",
    "on_the_way",
    "organisations",
    "reaches",
    "read_observation",
    "read_walk",
    "read_walk_places",
    "send_all",
    "waiting_on",
]
