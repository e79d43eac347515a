"""The settings of Argo CD switch off what an object of the repository uses.

Without progressive syncs the strategy RollingSync is ignored and everything is synchronised at once; without the
hydrator nothing writes the branch that a `sourceHydrator` reads; a generator that asks a service which is none of
`applicationsetcontroller.allowed.scm.providers` fails; and where `applicationsetcontroller.policy` is set,
`applicationsSync` of an ApplicationSet counts only with `applicationsetcontroller.enable.policy.override`. Where
argocd-cm has `exec.enabled` as false, the policy permits shells in vain; and a values file is read only by a scheme of
`helm.valuesFileSchemes`. A kustomization that inflates charts is built only with `--enable-helm` in
`kustomize.buildOptions`, or in those of a version. They are looked at where one config map of the repository says so,
in the namespace of the object; the build options, too, where argocd-cm is one manifest here that has none.

Fails:

    # argocd-cmd-params-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cmd-params-cm
      namespace: argocd
    data:
      applicationsetcontroller.policy: sync
    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      generators:
        - list:
            elements:
              - region: east
      syncPolicy:
        applicationsSync: create-update
      template:
        metadata:
          name: web-{{region}}
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: kube-system
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web

Passes:

    # argocd-cmd-params-cm.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: argocd-cmd-params-cm
      namespace: argocd
    data:
      applicationsetcontroller.policy: sync
      applicationsetcontroller.enable.policy.override: "true"
    # set.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: ApplicationSet
    metadata:
      name: web
      namespace: argocd
    spec:
      generators:
        - list:
            elements:
              - region: east
      syncPolicy:
        applicationsSync: create-update
      template:
        metadata:
          name: web-{{region}}
        spec:
          project: default
          source:
            repoURL: https://git.example.com/shop/deploy.git
            targetRevision: main
            path: web
          destination:
            name: in-cluster
            namespace: kube-system
    # web/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from scaffold import load
from scaffold.assemble import argocd_settings, deployed
from scaffold.assemble.argocd_settings import Told
from scaffold.assemble.policies import PolicyText
from scaffold.expand.sources import used_sources
from scaffold.model import (
    Finding,
    How,
    Manifest,
    Place,
    Repository,
    Severity,
    Source,
    dig,
    is_templated,
    mapping,
    sequence,
)
from scaffold.model.values import text

ID = "refused-feature"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_PREFIX = "applicationsetcontroller"
_ROLLING, _HYDRATOR = f"{_PREFIX}.enable.progressive.syncs", "hydrator.enabled"
_POLICY, _OVERRIDE = f"{_PREFIX}.policy", f"{_PREFIX}.enable.policy.override"
_PROVIDERS = f"{_PREFIX}.allowed.scm.providers"
_EXEC, _SCHEMES, _OPTIONS = "exec.enabled", "helm.valuesFileSchemes", "kustomize.buildOptions"  # of argocd-cm
_HELM = "--enable-helm"
_OTHER = frozenset(("directory", "helm", "plugin"))  # ways to render a source
_CHARTS = ("helmCharts", "helmChartInflationGenerator")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_WARNED = (_ROLLING, _POLICY, _EXEC)
_ASKING = ("pullRequest", "scmProvider")
_SERVICES = ("azureDevOps", "azuredevops", "bitbucket", "bitbucketServer", "gitea", "github", "gitlab")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every setting that is against an object of its Argo CD, at the setting."""
    for key, find in ((_ROLLING, _rolling), (_HYDRATOR, _hydrated), (_POLICY, _policies), (_PROVIDERS, _asking)):
        if told := argocd_settings.told(repository, argocd_settings.PARAMS, key):
            yield from _findings(argocd_settings.PARAMS, key, told, find, repository)
    for key, find in ((_EXEC, _shells), (_SCHEMES, _read), (_OPTIONS, _inflated)):
        if told := argocd_settings.told(repository, argocd_settings.CM, key):
            yield from _findings(argocd_settings.CM, key, told, find, repository)
    if unset := argocd_settings.unset(repository, argocd_settings.CM, _OPTIONS):
        yield from _findings(argocd_settings.CM, _OPTIONS, unset, _inflated, repository)


def _findings(
    name: str,
    key: str,
    told: Told,
    find: Callable[[Repository, Told], Iterator[tuple[str, str, Place]]],
    repository: Repository,
) -> Iterator[Finding]:
    users: dict[tuple[str, str], list[Place]] = {}
    for subject, effect, place in find(repository, told):
        users.setdefault((subject, effect), []).append(place)
    if users:
        (subject, effect), places = next(iter(users.items()))
        more = f" and {len(users) - 1} more" if len(users) > 1 else ""
        fact = f"is {told.value!r}" if told.value else "is not set"
        message = f"{key!r} of {name} {fact}, while {subject} ({{0}}){more}; {effect}"
        severity = Severity.WARNING if key in _WARNED else SEVERITY
        yield Finding(told.place, ID, message, severity, subject=key, related=(places[0],))


def _sets(repository: Repository, told: Told) -> Iterator[Manifest]:
    yield from (item.manifest for item in repository.sets if told.is_for(item.manifest.namespace))


def _rolling(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    effect = "it is ignored, and all applications are synchronised at once, so set 'true'"
    for manifest in _sets(repository, told) if told.value.lower() == "false" else ():
        if manifest.get("spec", "strategy", "type") == "RollingSync":
            subject = f"ApplicationSet {manifest.name!r} has the strategy RollingSync"
            yield subject, effect, manifest.place("spec", "strategy", "type")


def _hydrated(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    for application in repository.applications if told.value.lower() == "false" else ():
        if mapping(dig(application.data, "spec", "sourceHydrator")) and told.is_for(application.namespace):
            subject = f"application {application.name!r} has a sourceHydrator"
            effect = "nothing is hydrated, so set 'true'"
            yield subject, effect, application.at("spec", "sourceHydrator", at_key=True)


def _policies(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    override = argocd_settings.of_repository(repository, argocd_settings.PARAMS)
    if not told.value or any(str(each.data.get(_OVERRIDE, "")).lower() not in ("", "false") for each in override):
        return
    for manifest in _sets(repository, told):
        own = manifest.get("spec", "syncPolicy", "applicationsSync")
        if isinstance(own, str) and own != told.value:
            subject = f"ApplicationSet {manifest.name!r} has applicationsSync {own!r}"
            effect = f"that is ignored, so set {_OVERRIDE!r} to 'true', or remove it"
            yield subject, effect, manifest.place("spec", "syncPolicy", "applicationsSync")


def _asking(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    allowed = [url.strip() for url in told.value.split(",")]
    for manifest in _sets(repository, told) if told.value else ():
        for place, url in _asked(manifest, mapping(manifest.get("spec")), ("spec",)):
            if url not in allowed:
                subject = f"ApplicationSet {manifest.name!r} asks {url!r}"
                yield subject, "the generator fails, so add the very URL here, or mend it there", place


def _asked(manifest: Manifest, held: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[tuple[Place, str]]:
    """The URL of every service that a generator asks, also of those in a matrix or a merge."""
    for index, item in enumerate(map(mapping, sequence(held.get("generators")))):
        for kind, body in ((kind, mapping(body)) for kind, body in item.items()):
            pointer = (*at, "generators", index, kind)
            for service in _SERVICES if kind in _ASKING else ():
                url = dig(body, service, "api")
                if isinstance(url, str) and url and not is_templated(url):
                    yield manifest.place(*pointer, service, "api"), url
            yield from _asked(manifest, body, pointer)


def _shells(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    for settings in argocd_settings.of_repository(repository, argocd_settings.RBAC) if told.value == "false" else ():
        if told.is_for(argocd_settings.namespace(repository, settings)):
            for line in PolicyText(settings).rules:
                if line.fields[1] == "exec" and line.fields[4] == "allow":
                    subject = f"policy line {str(line)!r} permits shells"
                    yield subject, "nobody gets one, so set 'true', or remove the line", line.place


def _read(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    allowed = {each.strip() for each in told.value.split(",")}
    for application in repository.applications:
        for pointer, source in used_sources(application.data) if told.is_for(application.namespace) else ():
            for index, path in enumerate(sequence(dig(source, "helm", "valueFiles"))):
                scheme = _URL.match(text(path))
                if scheme and scheme[1] not in allowed:
                    subject = f"application {application.name!r} reads {path!r}"
                    place = application.at(*pointer, "helm", "valueFiles", index)
                    yield subject, f"Argo CD refuses that, so add {scheme[1]!r} here, or take another file", place


def _inflated(repository: Repository, told: Told) -> Iterator[tuple[str, str, Place]]:
    """The applications whose kustomizations inflate charts; none where some build options let them."""
    written = argocd_settings.of_repository(repository, argocd_settings.CM)
    options = (str(value) for each in written for key, value in each.data.items() if str(key).startswith(_OPTIONS))
    if _HELM in told.value or any(_HELM in value for value in options):
        return
    for application in repository.applications:
        for source in application.sources if told.is_for(application.namespace) else ():
            if _is_built(repository, source) and (place := _charts(repository, source.path)):
                subject = f"application {application.name!r} builds {source.path!r}, which inflates charts"
                yield subject, f"the build fails, so add {_HELM!r}", place


def _is_built(repository: Repository, source: Source) -> bool:
    """Tell whether Argo CD builds a kustomization that is here, be it of another revision."""
    pinned = not source.here and deployed.is_own(repository, source) and not _OTHER & source.options.keys()
    return source.how is How.KUSTOMIZE or pinned


def _charts(repository: Repository, directory: str) -> Place | None:
    """Where a build of a directory inflates charts."""
    known = repository.kustomizations
    entered, _ = load.closure(directory, known) if directory in known else ((), ())
    asking = ((known[each], field) for each in entered for field in _CHARTS if known[each].manifest.get(field))
    return next((item.place(field, at_key=True) for item, field in asking), None)
