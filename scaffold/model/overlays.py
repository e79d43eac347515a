"""What an engine builds, how, and what comes of it."""

from __future__ import annotations

import enum
import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from scaffold.model import pods
from scaffold.model.flux import Refusal, Variables
from scaffold.model.manifests import Manifest
from scaffold.model.places import Identity
from scaffold.model.values import Pointer, group_of


class How(enum.StrEnum):
    """How a directory becomes manifests."""

    FLUX = "flux"
    KUSTOMIZE = "kustomize"
    HELM = "helm"
    PLAIN = "plain"


class Parameter(NamedTuple):
    """A Helm value that an application sets by its dotted name; `text` keeps it a string."""

    name: str
    value: str
    text: bool


@dataclass(frozen=True)
class Release:
    """What Helm is given: a chart's directory and values files relative to the root, each winning over those before.

    `values` win over the files, `parameters` over `values`. `label` tells several releases of one chart apart. One that
    is `open` gets further values from whoever installs what deploys it; one that is `alone` nothing here deploys.
    """

    chart: str
    name: str
    namespace: str
    value_files: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    parameters: tuple[Parameter, ...] = ()
    kubernetes_version: str = ""
    api_versions: tuple[str, ...] = ()
    skip_crds: bool = False
    label: str = ""
    open: bool = False
    alone: bool = False


class Generated(NamedTuple):
    """A kustomization that an engine writes; `paths` are its references: pointer, path from the root, `key=` of a file.

    What stands at these pointers in the document is to be replaced once it is known where the document will stand.
    """

    document: Mapping[str, Any]
    paths: tuple[tuple[Pointer, str, str], ...] = ()


@dataclass(frozen=True)
class Build:
    """What kustomize-controller is told: the Kustomization, and the cluster that has it.

    `listed` are the resources of the kustomization that it writes for a directory without one. `variables` is None
    where nothing is substituted. `name` tells several builds of one directory apart. `whole` is the overlay that it is
    a part of, one that needs the network. `accounts` are those as which the cluster's controllers act for objects that
    name none, by kind, where they do not act as themselves.
    """

    manifest: Manifest
    cluster: str
    name: str = ""
    listed: tuple[str, ...] | None = None
    variables: Variables | None = None
    whole: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)


class Limit(NamedTuple):
    """How much of something a container may use: of `web/memory` 128Mi, and where that stands in its object."""

    what: str
    amount: str
    pointer: Pointer


class RenderedObject(NamedTuple):
    """What is remembered of a rendered manifest.

    `scales` is the kind and name of what an autoscaler scales, `makes` are the objects that a controller makes of it.
    `too_large` tells that it cannot be applied on the client, and does not ask for another way by itself. `keys` are
    those of a ConfigMap, or the names of the variables of a pod's containers, or of the alerts of a PrometheusRule.
    `limits` are of its containers; `routes` are the hosts and paths of an Ingress and its
    class, as `example.com/ nginx`. `template` is the file of a chart that makes it, `document` which one there. `body`
    is the object as JSON, where rules compare objects of its kind across overlays, and `unsteady` the first field of a
    Secret or a ConfigMap that each rendering makes anew. One that `expires` is a Job that Kubernetes deletes some time
    after it has run, and no hook.
    """

    api_version: str
    kind: str
    namespace: str
    name: str
    images: tuple[str, ...] = ()
    replicas: int | None = None
    scales: str = ""
    makes: tuple[Identity, ...] = ()
    too_large: bool = False
    keys: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    routes: tuple[str, ...] = ()
    template: str = ""
    document: int = 0
    body: str = ""
    unsteady: Pointer = ()
    expires: bool = False

    @property
    def identity(self) -> Identity:
        return Identity(group_of(self.api_version), self.kind, self.namespace, self.name)


@dataclass(frozen=True)
class Overlay:
    """A directory that an engine builds, or would build: where it belongs, and, once rendered, its manifests.

    `objects` are the identities of what it renders, known in every scope; `manifests` only in the scope `overlay`.
    `release` is there where it is a chart, `build` where it is what Flux builds; `refused` are then the objects that
    stop it, which keep their variables. `partial` tells that `manifests` are as their files have them, and that what is
    built may have more; `leftovers` are files of which alone that holds, patches that nothing reads beside manifests.
    `verbatim` tells that Argo CD deploys it with nothing that fills variables in. `values_read` are the paths of the
    values that the templates of a chart read, where all of them are known.
    """

    path: str
    how: How
    release: Release | None = None
    build: Build | None = None
    environment: str = ""
    team: str = ""
    application: str = ""
    kubernetes_version: str = ""
    reads: tuple[str, ...] = ()
    objects: tuple[RenderedObject, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    refused: tuple[Refusal, ...] = ()
    error: str = ""
    skipped: str = ""
    partial: bool = False
    leftovers: tuple[str, ...] = ()
    verbatim: bool = False
    values_read: tuple[tuple[str, ...], ...] | None = None

    def with_result(self, **given: Any) -> Overlay:
        """The same with what it gave: `dataclasses.replace` takes five times as long, and thousands are at hand."""
        made = object.__new__(Overlay)
        made.__dict__.update(self.__dict__, **given)
        return made

    @property
    def name(self) -> str:
        """What tells an overlay from all others: its directory, and for what where that is built more than once."""
        return (self.build and self.build.name) or (self.release and self.release.label) or self.path

    @property
    def entry(self) -> str:
        """The file that a finding names of which no file is known: the chart's own, else whatever is read first."""
        chart = posixpath.join(self.release.chart if self.release else self.path, "Chart.yaml")
        return chart if self.how is How.HELM and chart in self.reads else next(iter(self.reads), self.path)

    def is_partial(self, path: str) -> bool:
        """Tell whether what is built of a file of it may have more than the file says."""
        return self.partial or path in self.leftovers

    @cached_property
    def kinds(self) -> Mapping[str, list[Manifest]]:
        """The rendered manifests by `group/Kind`, as each kind is asked for by many rules."""
        found: dict[str, list[Manifest]] = {}
        for manifest in self.manifests:
            found.setdefault(f"{manifest.group}/{manifest.kind}", []).append(manifest)
        return found

    @cached_property
    def pods(self) -> tuple[pods.Pod, ...]:
        """The pods of all rendered manifests."""
        return tuple(pods.of(self.kinds))

    def of(self, *kinds: str) -> Iterator[Manifest]:
        """The rendered manifests of these kinds, each written `group/Kind`."""
        for kind in kinds:
            yield from self.kinds.get(kind, ())
