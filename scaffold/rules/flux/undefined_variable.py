"""An object holds a variable that is not set, and nothing else in its place.

Where a Kustomization of Flux has any variable, `${name}` has to be one, or say a default as in `${name:=default}`;
since Flux 2.9 one that is not set stops the whole build, where it was empty before, which is a warning where the
repository says that an older version runs. `$${name}` is the text itself. Where several clusters build the same and
one of them sets the variable, the message names the one that does not. Where a webhook of admission completes the
Kustomizations, it may set more, and only a slip is told.

Fails:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          stage: production
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: ${stag}

Passes:

    # sync.yaml
    apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata:
      name: apps
      namespace: flux-system
    spec:
      interval: 10m
      path: ./apps
      prune: true
      sourceRef:
        kind: GitRepository
        name: flux-system
      postBuild:
        substitute:
          stage: production
    # apps/config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
      namespace: web
    data:
      mode: ${stage}-${region:=anywhere}-$${text}
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.expand.flux import substitution
from scaffold.model import Finding, Overlay, Place, Refusal, Repository, Severity, mapping
from scaffold.model.flux import SYNC
from scaffold.nearest import misspelled

ID = "undefined-variable"
SEVERITY = Severity.ERROR
SCOPE = "overlay"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield the first variable of every object that is not set; admission may set more for each Kustomization."""
    given = repository.conventions.completes(*SYNC)
    for overlay in repository.overlays.values():
        for refusal in overlay.refused:
            if refusal.name and (_misspelled(overlay, refusal) or not given):
                yield _finding(overlay, refusal)


def _misspelled(overlay: Overlay, refusal: Refusal) -> str:
    """The variable that was meant, in every cluster that builds the same."""
    told = overlay.build.variables if overlay.build else None
    guess = misspelled(refusal.name, told.values) if told else ""
    return guess if told and (not told.elsewhere or guess in told.common) else ""


def _finding(overlay: Overlay, refusal: Refusal) -> Finding:
    manifest = next(manifest for manifest in overlay.manifests if manifest.identity == refusal.identity)
    where = _where(overlay, refusal)
    fact = f"{manifest.kind} {manifest.name!r} holds {refusal.expression}, which is not set{where}, so nothing is built"
    if not refusal.stops:  # in a patch of many objects it is one flaw
        fact = f"{refusal.expression} is not set{where}, so it is empty, and from Flux 2.9 on nothing is built"
    severity = SEVERITY if refusal.stops else Severity.WARNING
    place = manifest.place(*refusal.pointer, *_line(manifest.get(*refusal.pointer), refusal.expression))
    guess = "" if where else _misspelled(overlay, refusal)
    related = tuple(_given(overlay, guess))
    meant = f"{guess!r} ({{0}})" if related else repr(guess)
    remedy = f"did you mean {meant}?" if guess else f"set it{' there' if where else ''}, or write a default or `$$`"
    return Finding(place, ID, f"{fact}; {remedy}", severity, subject=refusal.name, related=related)


def _where(overlay: Overlay, refusal: Refusal) -> str:
    """The cluster in which a variable is not set, where another one that builds the same sets it."""
    build = overlay.build
    has = build.variables.elsewhere.get(refusal.name, "") if build and build.variables else ""
    return f" in cluster {build.cluster!r} as it is in {has!r}" if build and has not in ("", build.cluster) else ""


def _line(value: object, expression: str) -> tuple[int, ...]:
    """Which line of a text with several holds an expression, as a script does; nothing where there is but one."""
    lines = value.splitlines() if isinstance(value, str) else []
    holding = (number for number, line in enumerate(lines) if substitution.holds(line, expression))
    return tuple(holding)[:1] if len(lines) > 1 else ()


def _given(overlay: Overlay, name: str) -> Iterator[Place]:
    """Where the Kustomization itself gives a variable."""
    pointer = ("spec", "postBuild", "substitute")
    if name and overlay.build and name in mapping(overlay.build.manifest.get(*pointer)):
        yield overlay.build.manifest.place(*pointer, name, at_key=True)
