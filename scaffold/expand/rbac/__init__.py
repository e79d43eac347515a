"""Who may do what in Argo CD 3.5.7: its policy lines, its built-in roles, the roles of projects.

Casbin's model for Argo CD is five lines, and most of what decides is around it: how lines are read, what a pattern
matches, which lines a project adds, and that the default role is asked first. So it is evaluated here, and not by the
Python port of Casbin, which reads lines and patterns in other ways than Argo CD does.
"""

from scaffold.expand.rbac.evaluation import Answer, Policy
from scaffold.expand.rbac.lines import Line, LineError, csv_fields, read_line
from scaffold.expand.rbac.questions import ACTIONS, PROJECT_SCOPED, QuestionError, Request, request
from scaffold.expand.rbac.roles import role_policy_flaw
from scaffold.expand.rbac.settings import policy, policy_keys, project_lines

__all__ = [
    "ACTIONS",
    "PROJECT_SCOPED",
    "Answer",
    "Line",
    "LineError",
    "Policy",
    "QuestionError",
    "Request",
    "csv_fields",
    "policy",
    "policy_keys",
    "project_lines",
    "read_line",
    "request",
    "role_policy_flaw",
]
