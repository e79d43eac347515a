"""The kinds that Argo CD takes no notice of (Argo CD 3.0 to 3.6: manifests/base/config, util/settings)."""

from __future__ import annotations

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


def excluded(group: str, kind: str, *, changed: bool) -> bool:
    """Tell whether a kind is left out; `changed` tells that the settings name their own exclusions."""
    entries = _ALWAYS if changed else (*_ALWAYS, *_UNLESS_SET)
    return any(group in groups and (not kinds or kind in kinds.split()) for groups, kinds in entries)
