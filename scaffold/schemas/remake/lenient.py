"""What was tried on kube-apiserver 1.37.2, because the published definitions do not say it."""

from __future__ import annotations

import functools
import json
from pathlib import Path


@functools.cache
def required() -> dict[str, list[str]]:
    """Map types (`apps.DeploymentSpec`) to the fields whose loss made the server refuse an object that it had taken.

    Definitions call more fields required than that: many are defaulted, or have a zero value that is taken. A field
    that was never tried is not asked for.
    """
    file = Path(__file__).with_name("required.json")
    loaded: dict[str, list[str]] = json.loads(file.read_text(encoding="utf-8"))
    return loaded


# Kinds whose objects need no name, because they are asked and not kept.
NAMELESS = frozenset({
    "LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectReview", "SelfSubjectRulesReview",
    "SubjectAccessReview", "TokenRequest", "TokenReview",
})  # fmt: skip

# Kinds that Kubernetes 1.37 no longer has, or that stand in no discovery document.
SCOPES = {
    "networking.k8s.io ClusterCIDR": "Cluster",
    "resource.k8s.io PodScheduling": "Namespaced",
    "resource.k8s.io PodSchedulingContext": "Namespaced",
    "resource.k8s.io ResourceClaimParameters": "Namespaced",
    "resource.k8s.io ResourceClass": "Cluster",
    "resource.k8s.io ResourceClassParameters": "Namespaced",
}
