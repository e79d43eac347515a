"""The fields of a kustomization file, as Kustomize decodes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scaffold.schemas.structural import Schema

SOURCE = "sigs.k8s.io/kustomize/api@v0.21.2"
GROUP = "kustomize.config.k8s.io"

_ANY: Schema = {}
_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_WHOLE: Schema = {"type": "integer"}


def rows() -> Iterator[tuple[str, str, str, Schema]]:
    """Yield apiVersion, kind, scope and schema of what may stand in a kustomization file."""
    yield f"{GROUP}/v1beta1", "Kustomization", "", _KUSTOMIZATION
    yield f"{GROUP}/v1alpha1", "Component", "", _KUSTOMIZATION


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _map(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value}


def _object(texts: str, **fields: Schema) -> Schema:
    properties: dict[str, Any] = dict.fromkeys(texts.split(), _TEXT)
    return {"type": "object", "properties": properties | fields, "additionalProperties": False}


_GVK = "group version kind"
_SELECTOR = _object(f"{_GVK} name namespace annotationSelector labelSelector")
_PATCHES = _list(_object("path patch", target=_SELECTOR, options=_map(_FLAG)))
_IMAGES = _list(_object("name newName tagSuffix newTag digest"))
_FIELD_OPTIONS = _object("delimiter encoding", index=_WHOLE, create=_FLAG)
_GENERATOR_OPTIONS = _object(
    "", labels=_map(_TEXT), annotations=_map(_TEXT), disableNameSuffixHash=_FLAG, immutable=_FLAG
)
_SOURCES = {"literals": _list(_TEXT), "files": _list(_TEXT), "envs": _list(_TEXT), "options": _GENERATOR_OPTIONS}
_LABELS = _object(
    "",
    pairs=_map(_TEXT),
    includeSelectors=_FLAG,
    includeTemplates=_FLAG,
    includeVolumeClaimTemplates=_FLAG,
    fields=_list(_object(f"{_GVK} path", create=_FLAG)),
)
_REPLACEMENTS = _object(
    "path sourceValue",
    source=_object(f"{_GVK} name namespace fieldPath", options=_FIELD_OPTIONS),
    targets=_list(
        _object("", select=_SELECTOR, reject=_list(_SELECTOR), fieldPaths=_list(_TEXT), options=_FIELD_OPTIONS)
    ),
)
_VARS = _object("name", objref=_object(f"apiVersion {_GVK} name namespace"), fieldref=_object("fieldPath"))
_CHARTS = _object(
    "name version repo releaseName namespace valuesFile valuesMerge kubeVersion nameTemplate",
    additionalValuesFiles=_list(_TEXT),
    valuesInline=_map(_ANY),
    includeCRDs=_FLAG,
    skipHooks=_FLAG,
    apiVersions=_list(_TEXT),
    skipTests=_FLAG,
    debug=_FLAG,
    devel=_FLAG,
)
_INFLATION = _object(
    "chartName chartVersion chartRepoUrl chartHome chartRepoName helmBin helmHome values valuesMerge"
    " releaseName releaseNamespace",
    valuesLocal=_map(_ANY),
    extraArgs=_list(_TEXT),
)
_PATHS = (
    "resources components crds bases configurations generators transformers validators"
    " buildMetadata patchesStrategicMerge"
)
_KUSTOMIZATION = _object(
    "apiVersion kind namePrefix nameSuffix namespace",
    metadata=_object("name namespace", labels=_map(_TEXT), annotations=_map(_TEXT)),
    openapi=_map(_TEXT),
    commonLabels=_map(_TEXT),
    labels=_list(_LABELS),
    commonAnnotations=_map(_TEXT),
    patchesJson6902=_PATCHES,
    patches=_PATCHES,
    images=_IMAGES,
    imageTags=_IMAGES,
    replacements=_list(_REPLACEMENTS),
    replicas=_list(_object("name", count=_WHOLE)),
    vars=_list(_VARS),
    sortOptions=_object("order", legacySortOptions=_object("", orderFirst=_list(_TEXT), orderLast=_list(_TEXT))),
    configMapGenerator=_list(_object("namespace name behavior env", **_SOURCES)),
    secretGenerator=_list(_object("namespace name behavior env type", **_SOURCES)),
    helmGlobals=_object("chartHome configHome"),
    helmCharts=_list(_CHARTS),
    helmChartInflationGenerator=_list(_INFLATION),
    generatorOptions=_GENERATOR_OPTIONS,
    **dict.fromkeys(_PATHS.split(), _list(_TEXT)),
)
