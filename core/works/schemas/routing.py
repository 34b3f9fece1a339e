"""What is asked about routing rules and reply templates."""

from __future__ import annotations

from core.i18n import N_
from core.places.models import CONTROL_ROLES, PLACE_KINDS
from core.schema import Schema, fields
from core.works.models import PRIORITIES

ANY = {"": N_("Alla")}


def _kind(label: str) -> fields.String:
    return fields.String(max=80, load_default="", widget="select", label=label)


class TryForm(Schema):
    """A thing to try the rules with. Nothing of it is kept."""

    text = fields.String(max=2000, multiline=True, load_default="", label=N_("Vad står det i iakttagelsen?"))
    kind = _kind(N_("Vilken sort?"))
    place_kind = fields.Choice(
        {"": N_("Ingen plats")} | PLACE_KINDS, load_default="", widget="select", label=N_("På vilket slags plats?")
    )
    role = fields.Choice(
        {"": N_("Ingen särskild")} | CONTROL_ROLES, load_default="", widget="select", label=N_("Vilken rådighet?")
    )


class RuleFields(Schema):
    """What a rule says: for what it holds, how urgent that is and which contract it goes to."""

    rank = fields.Integer(
        required=True, min=1, max=100_000, label=N_("Plats i ordningen"), hint=N_("Reglerna prövas från lägsta talet.")
    )
    words = fields.String(
        max=300,
        load_default="",
        label=N_("Ord i texten"),
        hint=N_("Ett eller flera, med komma mellan. Det räcker att ett av dem finns. Tomt betyder alla texter."),
    )
    kind = _kind(N_("Sort"))
    place_kind = fields.Choice(ANY | PLACE_KINDS, load_default="", widget="select", label=N_("Slags plats"))
    place_role = fields.Choice(ANY | CONTROL_ROLES, load_default="", widget="select", label=N_("Rådighet"))
    priority = fields.Choice(PRIORITIES, required=True, widget="select", label=N_("Prioritet"))
    contract = fields.Uid(allow_none=True, load_default=None, widget="select", label=N_("Avtal"))
    source = fields.String(required=True, min=2, max=300, label=N_("Vem har bestämt det?"))


class RuleForm(RuleFields):
    """A new rule; `uid` lets the form be sent twice without harm."""

    uid = fields.Uid(required=True)


class ChangedRuleForm(RuleFields):
    """What a rule shall say from today on; `new` is the uid of the one that follows it."""

    new = fields.Uid(required=True)
    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför ändras regeln?"))


class EndRuleForm(Schema):
    """Why something holds no longer."""

    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför?"))


class ReplyForm(Schema):
    """The text that stands ready at a step."""

    text = fields.String(
        required=True,
        min=2,
        max=2000,
        multiline=True,
        label=N_("Text"),
        hint=N_("Skriv så att en boende förstår. Den som ändrar arbetsordern kan skriva något annat."),
    )
    reason = fields.String(required=True, min=2, max=1000, multiline=True, label=N_("Varför ändras texten?"))
