"""Tables of presence, with the rules of who may see their rows."""

from core.presence.models.activations import Activation, ActivationPermit
from core.presence.models.counts import PHASES, ExperienceAnswer, ExperienceSurvey, FlowCount
from core.presence.models.patrols import PatrolFrame, PatrolOutcome, PatrolRequest
from core.presence.models.plans import PresenceCount, PresencePlan
from core.presence.models.projects import KINDS, RESULTS, PlanningConsultation, PlanningGoal, PlanningProject

__all__ = [
    "KINDS",
    "PHASES",
    "RESULTS",
    "Activation",
    "ActivationPermit",
    "ExperienceAnswer",
    "ExperienceSurvey",
    "FlowCount",
    "PatrolFrame",
    "PatrolOutcome",
    "PatrolRequest",
    "PlanningConsultation",
    "PlanningGoal",
    "PlanningProject",
    "PresenceCount",
    "PresencePlan",
]
