"""What Argo CD would refuse, leave out or do by itself: Applications, ApplicationSets, AppProjects."""

from scaffold.rules.argocd import (
    colliding_applications,
    failing_generator,
    forbidden_destination,
    forbidden_kind,
    forbidden_source,
    long_application_name,
    missing_path,
    project_wildcard,
    unchecked_template_key,
    undefined_project,
    ungated_sync,
)
from scaffold.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    colliding_applications,
    failing_generator,
    forbidden_destination,
    forbidden_kind,
    forbidden_source,
    long_application_name,
    missing_path,
    project_wildcard,
    unchecked_template_key,
    undefined_project,
    ungated_sync,
)
