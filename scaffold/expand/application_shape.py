"""The types of an Application's fields (Argo CD 3.5.7), by which the controller refuses a patch as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Shape = Any  # a type, a list of one shape, or a map from field (`*` for any) to shape

_TEXT_MAP: Shape = {"*": str}
_SOURCE: Shape = {
    "repoURL": str,
    "path": str,
    "targetRevision": str,
    "chart": str,
    "ref": str,
    "name": str,
    "helm": {
        "valueFiles": [str],
        "releaseName": str,
        "values": str,
        "fileParameters": [_TEXT_MAP],
        "parameters": [{"name": str, "value": str, "forceString": bool}],
        "version": str,
        "passCredentials": bool,
        "ignoreMissingValueFiles": bool,
        "skipCrds": bool,
        "skipTests": bool,
        "skipSchemaValidation": bool,
        "namespace": str,
        "kubeVersion": str,
        "apiVersions": [str],
    },
    "kustomize": {
        "namePrefix": str,
        "nameSuffix": str,
        "images": [str],
        "commonLabels": _TEXT_MAP,
        "commonAnnotations": _TEXT_MAP,
        "version": str,
        "forceCommonLabels": bool,
        "forceCommonAnnotations": bool,
        "commonAnnotationsEnvsubst": bool,
        "namespace": str,
        "components": [str],
        "ignoreMissingComponents": bool,
        "labelWithoutSelector": bool,
        "labelIncludeTemplates": bool,
        "kubeVersion": str,
        "apiVersions": [str],
    },
    "directory": {"recurse": bool, "include": str, "exclude": str},
    "plugin": {"name": str, "env": [_TEXT_MAP]},
}
_APPLICATION: Shape = {
    "metadata": {
        "name": str,
        "namespace": str,
        "labels": _TEXT_MAP,
        "annotations": _TEXT_MAP,
        "finalizers": [str],
    },
    "spec": {
        "project": str,
        "destination": {"server": str, "name": str, "namespace": str},
        "source": _SOURCE,
        "sources": [_SOURCE],
        "revisionHistoryLimit": int,
        "info": [_TEXT_MAP],
        "syncPolicy": {
            "automated": {"prune": bool, "selfHeal": bool, "allowEmpty": bool, "enabled": bool},
            "syncOptions": [str],
            "managedNamespaceMetadata": {"labels": _TEXT_MAP, "annotations": _TEXT_MAP},
            "retry": {
                "limit": int,
                "refresh": bool,
                "backoff": {"duration": str, "factor": int, "maxDuration": str},
            },
        },
        "ignoreDifferences": [
            {
                "group": str,
                "kind": str,
                "name": str,
                "namespace": str,
                "jsonPointers": [str],
                "jqPathExpressions": [str],
                "managedFieldsManagers": [str],
            }
        ],
    },
}


def mistyped(patch: Any, shape: Shape = _APPLICATION, at: str = "") -> str:
    """Name the first field of a patch whose value has another type than an Application's; empty when there is none."""
    if patch is None or shape is None:
        return ""
    if isinstance(shape, dict):
        if not isinstance(patch, Mapping):
            return at
        fields = ((key, shape.get(key, shape.get("*")), value) for key, value in patch.items())
        return next((found for key, inner, value in fields if (found := mistyped(value, inner, f"{at}.{key}"))), "")
    if isinstance(shape, list):
        if not isinstance(patch, list):
            return at
        return next((found for item in patch if (found := mistyped(item, shape[0], at))), "")
    fits = isinstance(patch, shape) and (shape is bool or not isinstance(patch, bool))
    return "" if fits else at
