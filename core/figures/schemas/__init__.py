"""What is asked and told about figures."""

from core.figures.schemas.asked import IndicatorFields, Narrowing, NewIndicator, row_schema
from core.figures.schemas.told import (
    CitationOut,
    CollectionOut,
    CollectionsOut,
    ConformanceOut,
    FeatureOut,
    FigureOut,
    FiguresPage,
    FiguresQuery,
    IndicatorOut,
    IndicatorsPage,
    ItemsOut,
    ItemsQuery,
    LandingOut,
    LayerQuery,
)

__all__ = [
    "CitationOut",
    "CollectionOut",
    "CollectionsOut",
    "ConformanceOut",
    "FeatureOut",
    "FigureOut",
    "FiguresPage",
    "FiguresQuery",
    "IndicatorFields",
    "IndicatorOut",
    "IndicatorsPage",
    "ItemsOut",
    "ItemsQuery",
    "LandingOut",
    "LayerQuery",
    "Narrowing",
    "NewIndicator",
    "row_schema",
]
