"""What the engine does when layers go or change names, and what people do for it, in the order in which that is safe.

What the engines do was watched on them, see tests/engines: Argo CD 3.5, Flux 2.9.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from scaffold.fleet import Fleet

# What Argo CD has outside of its namespace, and what `argocd cluster add` makes on another cluster.
_BESIDE = "clusterrolebinding,clusterrole,customresourcedefinition"
_ACCOUNT = (
    "serviceaccount/argocd-manager clusterrolebinding/argocd-manager-role-binding clusterrole/argocd-manager-role"
)
_KIND = re.compile(r"^kind: *[\"']?([A-Za-z]+)", re.MULTILINE)
# What Argo CD's namespace holds for a team beside projects and applications: credentials, and what writes its images.
_NAMED = re.compile(r"^kind: *(?!App)([A-Za-z]+)\nmetadata:\n  name: *\"?([^\"\s]+)", re.MULTILINE)


class Deployed(NamedTuple):
    """An application in one environment, and the kinds of what it deploys there."""

    team: str
    app: str
    environment: str
    kinds: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.team}-{self.app}-{self.environment}"

    @property
    def namespace(self) -> str:
        return f"{self.team}-{self.environment}"


class Housed(NamedTuple):
    """A team in one environment."""

    team: str
    environment: str

    @property
    def namespace(self) -> str:
        return f"{self.team}-{self.environment}"


def is_flux(fleet: Fleet) -> bool:
    return bool(fleet.answers["engine"] == "flux")


def is_branched(fleet: Fleet) -> bool:
    """Tell whether the applications of each environment follow a branch of its own."""
    return bool(fleet.answers.get("environment_strategy") == "branches")


def is_in_each(fleet: Fleet) -> bool:
    """Tell whether each cluster has an engine of its own, which deploys there alone."""
    return is_flux(fleet) or fleet.answers.get("control_planes") == "per-cluster"


def kinds(fleet: Fleet, directory: str) -> tuple[str, ...]:
    """The kinds among an application's manifests, as kubectl takes them; with Argo CD nobody needs them."""
    files = sorted((fleet.root / directory).rglob("*.yaml")) if is_flux(fleet) else []
    found = {kind.lower() for path in files for kind in _KIND.findall(path.read_text("utf-8", "replace"))}
    return tuple(sorted(found - {"kustomization", "component"}))


def _of_gate(fleet: Fleet, gate: str, items: Iterable[Deployed]) -> list[Deployed]:
    """Those in environments of one gate."""
    return [item for item in items if fleet.environments.get(item.environment, {}).get("gate") == gate]


def applications_leave(fleet: Fleet, leaving: Sequence[Deployed]) -> Iterator[str]:
    """The steps once the change that takes applications out of Git is written."""
    yield from _merged(fleet, leaving, lambda items: f"{_engine(fleet)} {_fate(fleet, items)}")
    yield from _by_hand(fleet, leaving)


def _fate(fleet: Fleet, leaving: Iterable[Deployed]) -> str:
    names = [item.name for item in _of_gate(fleet, "auto", leaving)]
    return f"deletes {', '.join(names)} with all that was deployed" if names else "deletes nothing"


def _merged(fleet: Fleet, items: Sequence[Deployed], fate: Callable[[Sequence[Deployed]], str]) -> Iterator[str]:
    """The steps that bring a change of applications to the engine: in one, or by the branch of each environment."""
    if not is_branched(fleet):
        yield merge(fate(items))
        return
    yield f"merge this into {fleet.answers['branch']}; no application changes by that"
    for name in dict.fromkeys(item.environment for item in items):
        own = fate([item for item in items if item.environment == name])
        yield f"make the same change on a branch cut from env/{name} and merge it there; {own}"


def _by_hand(fleet: Fleet, leaving: Sequence[Deployed]) -> Iterator[str]:
    """What people do where nothing is deleted by itself."""
    by_hand = _of_gate(fleet, "manual", leaving)
    if is_flux(fleet):
        for namespace in dict.fromkeys(Housed(item.team, item.environment) for item in by_hand):
            pin = f"teams/{namespace.team}/environments/{namespace.environment}/release.yaml"
            where = f"{pin} of the fleet repository" if fleet.owner else pin
            yield f"release that commit by {where}; Flux forgets what is gone, and deletes nothing"
    yield from (_deleted(fleet, item) for item in by_hand)


def _deleted(fleet: Fleet, item: Deployed) -> str:
    if not is_flux(fleet):
        return f"{_administrator(fleet, item.environment)}: argocd app delete {item.name}"
    kinds = ",".join(item.kinds) or "all"
    selector = f"kustomize.toolkit.fluxcd.io/name={item.app}"
    return f"{_on(fleet, item.environment)}: kubectl delete --namespace {item.namespace} {kinds} --selector {selector}"


def teams_leave(fleet: Fleet, leaving: Sequence[Housed]) -> Iterator[str]:
    """The steps once the change that takes teams out of environments is written; no application is left in them."""
    if is_flux(fleet):
        yield merge("Flux deletes what it made for the team where the gate is auto, but no namespace")
    else:
        names = ", ".join(f"team-{item.namespace}" for item in leaving)
        yield merge(f"Argo CD takes away {names}, and what they made stays")
        for item in leaving:
            there = _on(fleet, item.environment if is_in_each(fleet) else "")
            yield f"{there}: kubectl --namespace argocd delete {' '.join(_made(fleet, item))}"
    for item in leaving:
        yield f"{_on(fleet, item.environment)}: kubectl delete namespace {item.namespace}, and all that is in it"


def _made(fleet: Fleet, item: Housed) -> Iterator[str]:
    """What Argo CD's namespace has for a team in an environment, in the order in which it is deleted."""
    yield f"applicationset/{item.namespace}"
    yield f"application/{item.namespace}-baseline"
    for path in sorted((fleet.root / f"teams/{item.team}/control-plane/{item.environment}").glob("*.yaml")):
        yield from (f"{kind.lower()}/{name}" for kind, name in _NAMED.findall(path.read_text("utf-8", "replace")))
    yield f"appproject/{item.namespace}"
    yield f"appproject/{item.namespace}-baseline"


def elsewhere_first(repositories: Sequence[str], command: str, how: str) -> Iterator[str]:
    """The step before the change where applications stand in other repositories, which are not here to be looked at."""
    if repositories:
        yield f"before this, in a clone of {', '.join(repositories)}: gitops-scaffold {command}, {how}"


def environment_leaves(fleet: Fleet, name: str) -> Iterator[str]:
    """The steps once the fleet, or a team's repository, names an environment no more; nobody is in it."""
    if fleet.owner:
        yield merge("nothing changes in any cluster")
        yield f"in a clone of {fleet.answers['fleet_repository_url']}: gitops-scaffold remove environment {name}"
    else:
        watched = f"{_engine(fleet)} {_on(fleet, name)} looks for no teams in {name} any more"
        yield merge(watched if is_in_each(fleet) else "nothing changes in any cluster")
    if is_branched(fleet) and fleet.holds_applications:
        yield f"git push origin --delete env/{name}, which nobody follows any more"


def cluster_leaves(fleet: Fleet, name: str) -> Iterator[str]:
    """The steps once a cluster without environments is gone from Git."""
    if is_flux(fleet):
        yield merge(f"Flux on {name} finds no directory any more, and deletes nothing")
        yield f"on {name}, unless the cluster itself goes: flux uninstall"
    elif is_in_each(fleet):
        yield merge(f"Argo CD on {name} finds no control-plane/{name} any more, and deletes nothing")
        yield f"on {name}, unless the cluster itself goes: kubectl delete namespace argocd, with all that it holds"
        yield f"and there: kubectl delete {_BESIDE} --selector app.kubernetes.io/part-of=argocd"
    else:
        yield merge("nothing changes in any cluster")
        yield f"as an administrator: argocd cluster rm {name}"
        yield f"on {name}: kubectl --namespace kube-system delete --ignore-not-found {_ACCOUNT}"


def renamed(fleet: Fleet, made: Sequence[str], going: list[Deployed], housed: list[Housed]) -> Iterator[str]:
    """The steps once applications, or teams with theirs, are called otherwise in Git."""
    anew = f"{_engine(fleet)} makes {', '.join(made)} anew, without the data in volumes"
    there = f"{_engine(fleet)} makes it anew, without the data in volumes"
    if going and is_branched(fleet):
        yield from _merged(fleet, going, lambda items: f"{there}, and {_fate(fleet, items)}")
    else:
        yield merge(f"{anew}; {_engine(fleet)} {_fate(fleet, going)}" if going else anew)
    environments = {item.environment for item in going} | {item.environment for item in housed}
    if any(fleet.environments[name]["gate"] == "manual" for name in environments):
        yield "release what waits where the gate is manual, and look that it runs before the old one goes"
    yield from _by_hand(fleet, going)
    if housed:
        yield from list(teams_leave(fleet, housed))[1:]


def cluster_renamed(fleet: Fleet, old: str, new: str) -> Iterator[str]:
    """The steps once a cluster is called otherwise in Git; until they are done the engine finds nothing there."""
    if is_flux(fleet):
        yield merge(f"Flux on it finds no clusters/{old} any more, and deletes nothing")
        yield f"on it: {_follow(fleet, new)}"
    elif is_in_each(fleet) or old == next(iter(fleet.clusters)):
        yield merge(f"Argo CD finds no control-plane/{old} any more, and deletes nothing")
        yield f"on it: kubectl apply --filename control-plane/{new}/root.yaml"
    else:
        yield merge(f"Argo CD knows no cluster {new} yet, and deletes nothing")
        yield f"as an administrator: argocd cluster set {old} --name {new}"


def _follow(fleet: Fleet, cluster: str) -> str:
    """The command that lets Flux look into another directory."""
    if fleet.answers["flux_install"] == "operator":
        kind, patch = "fluxinstance flux", f'{{"spec":{{"sync":{{"path":"clusters/{cluster}"}}}}}}'
    else:
        kind, patch = "kustomization flux-system", f'{{"spec":{{"path":"./clusters/{cluster}"}}}}'
    return f"kubectl --namespace flux-system patch {kind} --type merge --patch '{patch}'"


def merge(fate: str) -> str:
    return f"merge this; {fate}"


def _engine(fleet: Fleet) -> str:
    return "Flux" if is_flux(fleet) else "Argo CD"


def _on(fleet: Fleet, environment: str) -> str:
    return f"on {_cluster(fleet, environment)}"


def _administrator(fleet: Fleet, environment: str) -> str:
    return f"as an administrator of Argo CD {_on(fleet, environment)}" if is_in_each(fleet) else "as an administrator"


def _cluster(fleet: Fleet, environment: str) -> str:
    """Where an environment is; the control plane's cluster where none is named."""
    home = next(iter(fleet.clusters))
    return str(fleet.environments.get(environment, {}).get("cluster") or home)
