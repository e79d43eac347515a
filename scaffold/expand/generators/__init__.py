"""What the generators of an ApplicationSet give: sets of parameters, each with the template it goes to."""

from scaffold.expand.generators.context import Context
from scaffold.expand.generators.transform import ParameterSets, transform

__all__ = ["Context", "ParameterSets", "transform"]
