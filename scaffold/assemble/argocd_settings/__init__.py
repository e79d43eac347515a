"""Argo CD's own settings: its config maps, values of its chart, the operator's ArgoCD, and patches of these."""

from __future__ import annotations

from scaffold.assemble.argocd_settings.files import hidden, of_file, of_repository
from scaffold.assemble.argocd_settings.generators import made
from scaffold.assemble.argocd_settings.reading import (
    Told,
    is_loosened,
    is_overruled,
    is_segmented,
    namespace,
    told,
    unset,
)
from scaffold.assemble.argocd_settings.settings import CM, NOTIFICATIONS, PARAMS, RBAC, Settings

__all__ = [
    "CM",
    "NOTIFICATIONS",
    "PARAMS",
    "RBAC",
    "Settings",
    "Told",
    "hidden",
    "is_loosened",
    "is_overruled",
    "is_segmented",
    "made",
    "namespace",
    "of_file",
    "of_repository",
    "told",
    "unset",
]
