"""Files to manifests: what each file declares, and what each kustomization refers to."""

from scaffold.load.actions import actions
from scaffold.load.chart_values import values
from scaffold.load.comments import ignores
from scaffold.load.files import digest, forget, members, source_file, text
from scaffold.load.placeholders import TOKEN
from scaffold.load.promotables import without_promotables
from scaffold.load.references import closure, copied, is_far, kustomization, kustomizations, read, read_by

__all__ = [
    "TOKEN",
    "actions",
    "closure",
    "copied",
    "digest",
    "forget",
    "ignores",
    "is_far",
    "kustomization",
    "kustomizations",
    "members",
    "read",
    "read_by",
    "source_file",
    "text",
    "values",
    "without_promotables",
]
