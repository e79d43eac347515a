"""The kinds that Argo CD takes no notice of (Argo CD 3.0 to 3.6: manifests/base/config, util/settings)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Self

from scaffold.expand import globs
from scaffold.model import mapping, sequence

_REVIEWS = "SelfSubjectReview TokenReview LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectRulesReview"
_REPORTS = "PolicyReport EphemeralReport AdmissionReport BackgroundScanReport"
_ALWAYS = (
    (("events.k8s.io", "metrics.k8s.io"), ""),
    (("",), "Event"),
    (("coordination.k8s.io",), "Lease"),
)
# The value of `resource.exclusions` in argocd-cm as it is installed; another value takes its place.
_UNLESS_SET = (
    (("", "discovery.k8s.io"), "Endpoints EndpointSlice"),
    (("authentication.k8s.io", "authorization.k8s.io"), f"{_REVIEWS} SubjectAccessReview"),
    (("certificates.k8s.io",), "CertificateSigningRequest"),
    (("cert-manager.io",), "CertificateRequest"),
    (("cilium.io",), "CiliumIdentity CiliumEndpoint CiliumEndpointSlice"),
    (
        ("kyverno.io", "reports.kyverno.io", "wgpolicyk8s.io"),
        " ".join((_REPORTS, *(f"Cluster{name}" for name in _REPORTS.split()), "UpdateRequest")),
    ),
)


class Filter(NamedTuple):
    """An entry of `resource.exclusions` or `resource.inclusions`; an empty field is about all."""

    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()

    @classmethod
    def of(cls, data: Any) -> Self:
        fields = (sequence(mapping(data).get(key)) for key in ("apiGroups", "kinds", "clusters"))
        return cls(*(tuple(map(str, field)) for field in fields))

    def about(self, group: str, kind: str) -> bool:
        """Tell whether a kind is meant, on the clusters of the entry."""
        told = not self.kinds or kind in self.kinds or "*" in self.kinds
        return told and (not self.groups or any(globs.matches(pattern, group) for pattern in self.groups))

    def on(self, server: str) -> bool | None:
        """Tell whether a cluster is meant, by its address; None where that is not known, and it counts."""
        if not self.clusters or "*" in self.clusters:
            return True
        return any(globs.matches(pattern, server) for pattern in self.clusters) if server else None


def excluded(group: str, kind: str, *, changed: bool) -> bool:
    """Tell whether a kind is left out; `changed` tells that the settings name their own exclusions."""
    entries = _ALWAYS if changed else (*_ALWAYS, *_UNLESS_SET)
    return any(group in groups and (not kinds or kind in kinds.split()) for groups, kinds in entries)


def left_out(group: str, kind: str, server: str, filters: Sequence[Filter]) -> bool:
    """Tell whether exclusions of the settings leave out a kind on a cluster."""
    return any(each.about(group, kind) and each.on(server) for each in filters)


def not_let_in(group: str, kind: str, server: str, filters: Sequence[Filter]) -> bool:
    """Tell whether the settings have inclusions for a cluster, and a kind is in none of them."""
    meant = [each.on(server) for each in filters]
    if None in meant or True not in meant:
        return False
    return not any(each.about(group, kind) for each, on in zip(filters, meant, strict=True) if on)
