"""A pod needs a ConfigMap, a Secret, a claim or an account that nothing renders.

The pod does not start: it waits in `CreateContainerConfigError` or `ContainerCreating`, or is not made at all. What
kustomize generates and what a controller makes (SealedSecret, ExternalSecret, Certificate) counts as rendered,
references marked `optional` are not looked at, and a Secret is only missed where one of almost the same name is there,
because Secrets are made by hand as well. What a chart that was not rendered, or an operator, may make is not missed,
but for what known operators never make (see `missing-backend`), nor a kind of which the overlay renders nothing, nor
what a patch deletes, which `deleted-need` tells. A Rollout of Argo misses what kustomize generates with a hash, as long
as no configuration of it tells where a Rollout names one.

Fails:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          envFrom:
            - configMapRef:
                name: web-setings
    # settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      MODE: quiet

Passes:

    # pod.yaml
    apiVersion: v1
    kind: Pod
    metadata:
      name: web
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0.0
          envFrom:
            - configMapRef:
                name: web-settings
    # settings.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web-settings
    data:
      MODE: quiet
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from scaffold.assemble import references
from scaffold.assemble.references import Need, unhashed
from scaffold.model import Finding, How, Identity, Manifest, Overlay, Pod, Repository, Severity
from scaffold.nearest import is_kin
from scaffold.rules.deleting import deleted
from scaffold.rules.needing import asked, idle, missing, sole, unmet

ID = "missing-config"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_ACCOUNT = "/ServiceAccount"
_GENERATED = ("/ConfigMap", "/Secret")
# What stands below these is, or names, something else.
_OTHERS = frozenset("labels matchLabels selector serviceAccount serviceAccountName serviceName scaleTargetRef".split())
# What a container, a port, a mount or a volume has beside its name.
_PARTS = frozenset("image containerPort mountPath configMap secret persistentVolumeClaim emptyDir projected".split())
# What a cluster, a mesh or a distribution makes in every namespace.
_THERE = frozenset("kube-root-ca.crt openshift-service-ca.crt istio-ca-root-cert builder deployer pipeline".split())


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every reference of a pod that nothing in the repository meets."""
    for overlay in repository.overlays.values():
        wanted: Container[tuple[str, str]] | None = None
        gone: Container[tuple[str, str]] = ()
        for pod in overlay.pods:
            for need, almost in unmet(overlay, references.of_pod(pod)):
                if wanted is None:
                    wanted = asked(need for pod in overlay.pods for need in references.of_pod(pod))
                    gone = deleted(repository, overlay)
                guess = almost or (_account(overlay, need, wanted) if need.kind == _ACCOUNT else _unread(overlay, need))
                if need.name in _THERE or (need.kind == "/Secret" and not guess) or (need.kind, need.name) in gone:
                    continue
                subject = f"{pod.manifest.kind} {pod.manifest.name!r}"
                fact = f"{subject} needs {need.kind[1:]} {need.name!r}, which nothing renders"
                place = pod.manifest.place(*need.pointer)
                finding = missing(place, ID, fact, need, guess)
                yield finding._replace(unless=None) if _is_idle(overlay, guess) else finding
            yield from _before_its_hash(overlay, pod)


def _before_its_hash(overlay: Overlay, pod: Pod) -> Iterator[Finding]:
    """Yield what a Rollout of Argo names as it is written, while kustomize ends the name with a hash.

    Kustomize mends the names in the kinds of Kubernetes, and in no others unless its configurations say where.
    """
    manifest = pod.manifest
    if manifest.group != "argoproj.io" or overlay.partial or overlay.how not in (How.KUSTOMIZE, How.FLUX):
        return
    for need in references.of_pod(pod):
        names = {item.name for item in overlay.of(need.kind) if item.namespace == need.namespace}
        hashed = any(name != need.name == unhashed(name) for name in names)
        if need.kind in _GENERATED and need.name not in names and hashed:
            fact = f"{manifest.kind} {manifest.name!r} needs {need.kind[1:]} {need.name!r}, whose name ends with a hash"
            message = (
                f"{fact} once it is rendered; tell kustomize where a {manifest.kind} names it, or disable the hash"
            )
            unless = Identity("", need.kind[1:], need.namespace, need.name)
            yield Finding(manifest.place(*need.pointer), ID, message, unless=unless)


def _account(overlay: Overlay, need: Need, wanted: Container[tuple[str, str]]) -> str:
    return idle(overlay, need, wanted) or sole(overlay, need)


def _unread(overlay: Overlay, need: Need) -> str:
    """The only object of a kind that nothing in the overlay names, and that was made for what misses another one.

    Its name is the same but for the last word, or has one more or less, or some in its middle; of one that is
    generated, whose name nobody else can know, the first word is the same.
    """
    makers = {name: maker for name, maker in _made(overlay, need) if _is_akin(name, need)}
    idle = [
        name
        for name, maker in makers.items()
        if not any(_holds(m.data.get("spec"), {name}) for m in overlay.manifests if m is not maker)
    ]
    return unhashed(idle[0]) if len(idle) == 1 else ""


def _made(overlay: Overlay, need: Need) -> Iterator[tuple[str, Manifest]]:
    """The names of what an overlay renders of a kind in a namespace, each with the object that it is made by."""
    yield from ((m.name, m) for m in overlay.of(need.kind) if m.namespace == need.namespace)
    for manifest in overlay.manifests:
        for made in references.makes(manifest):
            if f"{made.group}/{made.kind}" == need.kind and made.namespace == need.namespace:
                yield made.name, manifest


def _is_akin(name: str, need: Need) -> bool:
    if name != unhashed(name):
        return name.startswith(need.name.partition("-")[0] + "-")
    heads = {each.rpartition("-")[0] for each in (name, need.name)}
    alike = is_kin(name, need.name) or _is_within(*sorted((name, need.name), key=len))
    return alike or (need.kind == "/ConfigMap" and len(heads) == 1 and heads != {""})


def _is_within(shorter: str, longer: str) -> bool:
    """Tell whether a name is another one without words in its middle, as `web-config` is `web-server-config`."""
    words, left = shorter.split("-"), iter(longer.split("-"))
    ends = (words[0], words[-1]) == (longer.partition("-")[0], longer.rpartition("-")[2])
    return len(words) > 1 and ends and all(word in left for word in words)


def _is_idle(overlay: Overlay, name: str) -> bool:
    """Tell whether an object is generated, and nothing in the overlay has its hash, which nobody else can know."""
    generated = {m.name for m in overlay.of("/ConfigMap", "/Secret") if name and m.name != name == unhashed(m.name)}
    return len(generated) == 1 and not any(_holds(m.data.get("spec"), generated) for m in overlay.manifests)


def _holds(value: Any, names: set[str]) -> bool:
    """Tell whether a value names one of several objects; the names of parts of a pod do not."""
    if isinstance(value, list):
        return any(_holds(inner, names) for inner in value)
    if isinstance(value, dict):
        apart = _OTHERS | {"name"} if _PARTS & value.keys() else _OTHERS
        return any(_holds(inner, names) for key, inner in value.items() if key not in apart)
    return isinstance(value, str) and value.rpartition("=")[2] in names  # of an argument, what it sets
