"""What an AppProject permits, decided exactly as Argo CD 3.5 decides it, with the entry that decided."""

from scaffold.expand.permission.destinations import Destination, destination_permitted, resolve_destination
from scaffold.expand.permission.kinds import kind_permitted
from scaffold.expand.permission.projects import application_namespace_permitted, with_globals
from scaffold.expand.permission.refusals import project_flaws
from scaffold.expand.permission.sources import source_permitted
from scaffold.expand.permission.verdicts import Verdict

__all__ = [
    "Destination",
    "Verdict",
    "application_namespace_permitted",
    "destination_permitted",
    "kind_permitted",
    "project_flaws",
    "resolve_destination",
    "source_permitted",
    "with_globals",
]
