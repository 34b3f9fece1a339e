"""What is asked and told about cooperation."""

from core.cooperation.schemas.analysis import CauseFields, CauseForm, ProblemFields, ProblemForm, ScoreForm, TellForm
from core.cooperation.schemas.cycles import (
    CommentForm,
    CycleFilter,
    CycleForm,
    CycleMove,
    CycleOut,
    CyclePage,
    CycleQuery,
    LeaveForm,
    NewCycleForm,
    PartyFields,
    PartyForm,
)
from core.cooperation.schemas.pictures import DrawingForm, DrawingQuery, EvidenceForm, SectionForm
from core.cooperation.schemas.plan import (
    FollowUpForm,
    GoalForm,
    MeasureForm,
    MeasureResultForm,
    NewGoalForm,
    NewMeasureForm,
    ResultForm,
)

__all__ = [
    "CauseFields",
    "CauseForm",
    "CommentForm",
    "CycleFilter",
    "CycleForm",
    "CycleMove",
    "CycleOut",
    "CyclePage",
    "CycleQuery",
    "DrawingForm",
    "DrawingQuery",
    "EvidenceForm",
    "FollowUpForm",
    "GoalForm",
    "LeaveForm",
    "MeasureForm",
    "MeasureResultForm",
    "NewCycleForm",
    "NewGoalForm",
    "NewMeasureForm",
    "PartyFields",
    "PartyForm",
    "ProblemFields",
    "ProblemForm",
    "ResultForm",
    "ScoreForm",
    "SectionForm",
    "TellForm",
]
