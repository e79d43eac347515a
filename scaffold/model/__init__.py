"""The nouns: frozen values that every stage shares, without input or output."""

from scaffold.model.applications import Application, ApplicationSet, Failure, Source
from scaffold.model.files import (
    Action,
    Comments,
    Duplicate,
    GeneratedMap,
    Idle,
    Ignore,
    Kustomization,
    Marker,
    Problem,
    Reference,
    Scoped,
    SourceFile,
    Unfilled,
)
from scaffold.model.findings import Confidence, Finding, LocatedFinding, Remedy, Severity, Skipped, fingerprint
from scaffold.model.fleet import Beside, Cluster, Conventions, Environment, Layer
from scaffold.model.flux import FluxCluster, Refusal, Sync, Variables
from scaffold.model.images import Image
from scaffold.model.manifests import Head, Manifest
from scaffold.model.overlays import Build, Generated, How, Limit, Overlay, Parameter, Release, RenderedObject
from scaffold.model.places import NOWHERE, Identity, Location, Place, above, nearness
from scaffold.model.pods import Container, Pod
from scaffold.model.quantities import quantity
from scaffold.model.repository import Repository
from scaffold.model.spots import Mark, Spot
from scaffold.model.values import (
    Pointer,
    dig,
    group_of,
    is_templated,
    is_to_fill_in,
    is_variable,
    layered,
    mapping,
    sequence,
)

__all__ = [
    "NOWHERE",
    "Action",
    "Application",
    "ApplicationSet",
    "Beside",
    "Build",
    "Cluster",
    "Comments",
    "Confidence",
    "Container",
    "Conventions",
    "Duplicate",
    "Environment",
    "Failure",
    "Finding",
    "FluxCluster",
    "Generated",
    "GeneratedMap",
    "Head",
    "How",
    "Identity",
    "Idle",
    "Ignore",
    "Image",
    "Kustomization",
    "Layer",
    "Limit",
    "LocatedFinding",
    "Location",
    "Manifest",
    "Mark",
    "Marker",
    "Overlay",
    "Parameter",
    "Place",
    "Pod",
    "Pointer",
    "Problem",
    "Reference",
    "Refusal",
    "Release",
    "Remedy",
    "RenderedObject",
    "Repository",
    "Scoped",
    "Severity",
    "Skipped",
    "Source",
    "SourceFile",
    "Spot",
    "Sync",
    "Unfilled",
    "Variables",
    "above",
    "dig",
    "fingerprint",
    "group_of",
    "is_templated",
    "is_to_fill_in",
    "is_variable",
    "layered",
    "mapping",
    "nearness",
    "quantity",
    "sequence",
]
