"""One run through the stages: load, assemble, render, check."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import scaffold
from scaffold import assemble, discover, load, revisions
from scaffold.model import Finding, LocatedFinding, Overlay, Repository, Skipped, SourceFile
from scaffold.render import helm
from scaffold.render.builders import Builder
from scaffold.rules import REPOSITORY, RESULT
from scaffold.validate import (
    abridged,
    active,
    asking,
    awake,
    charted,
    coverage,
    elsewhere,
    filled,
    generated,
    locating,
    merging,
    parts,
    rendering,
    settling,
    silence,
    sources,
    tracing,
    versions,
    wide,
)
from scaffold.validate.ahead import Ahead
from scaffold.validate.job import Job, Rendered
from scaffold.validate.outcome import Prepared, Report, Summary


class Run:
    """A run whose stages are done when their results are first asked for."""

    def __init__(
        self, prepared: Prepared, rendered: Mapping[str, parts.Part] | None = None, begun: Ahead | None = None
    ) -> None:
        """Begin a run; `rendered` are the parts, by the names of their files, that others have rendered for it.

        `begun` are builds that run already.
        """
        locating.forget()
        self._parts, self._begun = rendered or {}, begun
        self._tree, self._settings, self._options = prepared.tree, prepared.settings, prepared.options
        self._cache, self._builder = prepared.cache, prepared.builder
        self._version = versions.of(prepared)
        self._rules = active.rules(prepared.settings)

    def report(self) -> Report:
        """Every finding, and what was looked at; raises NothingCheckedError where that is nothing."""
        every = [
            *(finding for item in self._read.values() for finding in item.findings),
            *generated.findings(self._tree, self._files, self._rules),
            *self._wide(),
        ]
        by_overlay = {name: [*self._awake(name, item.findings)] for name, item in self._rendered.items()}
        by_overlay[""] = [*every, *by_overlay.get("", ())]
        standing = [*self._standing(by_overlay), *self._left()]
        found = list(filled.known(self._tree.root, standing, self._files))
        unseen = coverage.unseen(self._plan, self._rendered)
        scope = silence.Scope(frozenset(rule.ID for rule in self._rules), unseen)
        spoken = charted.with_comments(self._tree.root, found, self._files)
        overlays = self._overlays.values()
        merged = merging.merged(found, merging.releases(overlays), merging.readers(overlays))
        silenced = silence.apply(merged, spoken, self._settings, scope)
        last = self._check(RESULT, Repository(self._files, idle=silenced.idle))
        certain = elsewhere.certain(silenced.findings, whole=len(self._reached) == len(self._plan.overlays))
        whole = (*certain, *merging.merged(locating.in_files(self._tree.root, last)))
        findings = sorted(awake.findings(whole, self._plan.resting))
        told = tuple(merging.levelled(findings, self._settings))
        return Report(told, self._summary(merging.untold(findings, told)), unseen)

    def part(self, shard: parts.Shard) -> parts.Part:
        """What one shard of the overlays gives; raises as `report` does."""
        taken = shard.taken(self._reached)
        rendered = rendering.render(self._job, taken, self._cache, self._version, self._options.jobs)
        for name, located in self._traced(settling.unsettled(rendered)).items():  # who joins the parts builds nothing
            whole = (*rendered[name].findings, *located)
            rendered[name] = dataclasses.replace(rendered[name], findings=whole, unsettled=())
        keys = self._keys(taken)
        results = tuple(parts.Result(name, keys[name], rendered[name]) for name in sorted(rendered))
        return parts.Part(self._maker, shard, results)

    def repository(self) -> Repository:
        """The repository with what its overlays render to."""
        written = load.kustomizations(self._files)
        return dataclasses.replace(self._assembled, files=self._files, kustomizations=written, overlays=self._overlays)

    def lasting(self) -> bool:
        """Tell whether the same tree gives the same again: what could not be rendered may be possible another time."""
        planned = self._plan.overlays
        return not any(item.skipped and not planned[path].skipped for path, item in self._rendered.items())

    @cached_property
    def _read(self) -> dict[str, sources.Read]:
        read = sources.read(self._tree, self._rules, self._cache, self._version, self._options.jobs)
        if not self._tree.charts and not any(coverage.counts(item.file) for item in read.values()):
            raise discover.nothing(self._tree.root, self._tree)
        return read

    @cached_property
    def _files(self) -> dict[str, SourceFile]:
        return {path: item.file for path, item in self._read.items()}

    @cached_property
    def _assembled(self) -> Repository:
        files = {path: load.without_promotables(file) for path, file in self._files.items()}
        return assemble.repository(self._tree, files, self._settings, self._builder)

    @cached_property
    def _known(self) -> tuple[str, wide.Plan]:
        def plan() -> wide.Plan:
            return wide.Plan.of(self._assembled, self._tree)

        known = wide.planned(self._tree, self._read, self._cache, self._version, plan)
        if not known[1].overlays and not any(coverage.counts(item.file) for item in self._read.values()):
            raise discover.nothing(self._tree.root, self._tree)  # charts alone, which make nothing of Argo CD
        return known

    @property
    def _plan(self) -> wide.Plan:
        return self._known[1]

    @cached_property
    def _rendered(self) -> dict[str, Rendered]:
        if self._parts:
            parts.refuse_unlike(self._parts, self._maker)
            return parts.joined(self._parts, self._keys(self._reached))
        return rendering.render(self._job, self._reached, self._cache, self._version, self._options.jobs, self._begun)

    @property
    def _maker(self) -> parts.Maker:
        return parts.Maker(scaffold.__version__, self._builder.name, self._settings.profile)

    def _keys(self, overlays: Sequence[Overlay]) -> dict[str, str]:
        """Names for what results follow from that are the same on every machine."""
        return rendering.named(self._job, overlays, self._settings.text)

    @cached_property
    def _job(self) -> Job:
        tree, plan = self._tree, self._plan
        repository = Repository(
            files=self._files,
            others=frozenset(tree.others),
            directories=tree.directories,
            charts=tree.charts,
            own_schemas=plan.own_schemas,
            conventions=plan.conventions,
        )
        return Job(repository, tree.root, self._rules, self._fitting, helm.find(), self._options.helm_cache)

    @property
    def _fitting(self) -> Builder:
        """The kustomize that builds as the engine does."""
        return self._plan.fitting(self._builder)

    @cached_property
    def _overlays(self) -> dict[str, Overlay]:
        return _with_results(self._plan.overlays, self._rendered)

    @cached_property
    def _reached(self) -> list[Overlay]:
        """The overlays to render: all, or those that a change since a revision reaches."""
        overlays = list(self._plan.overlays.values())
        if not self._options.changed_since:
            return overlays
        changed = revisions.changed_since(self._tree.root, self._options.changed_since)
        return [overlay for overlay in overlays if not changed.isdisjoint(overlay.reads)]

    def _standing(self, found: Mapping[str, Iterable[LocatedFinding]]) -> Iterator[LocatedFinding]:
        """Those of some findings that no overlay settles."""
        left = elsewhere.standing(found, self._overlays, self._files, self._plan.clusters)
        yield from (finding for several in left.values() for finding in several)

    def _left(self) -> Iterator[LocatedFinding]:
        """The findings that no other overlay has settled."""
        clusters = self._plan.clusters
        traced = self._traced(settling.left(self._rendered, self._overlays, self._files, clusters))
        yield from (finding for name, located in traced.items() for finding in self._awake(name, located))

    def _awake(self, name: str, found: Iterable[LocatedFinding]) -> Iterator[LocatedFinding]:
        return awake.of_overlay(found, self._plan.overlays[name], self._plan.resting)

    def _traced(self, findings: Mapping[str, Sequence[Finding]]) -> dict[str, tuple[LocatedFinding, ...]]:
        overlays = list(self._plan.overlays.values())
        return settling.traced(self._job, overlays, findings, self._cache, self._version, self._options.jobs)

    @cached_property
    def _skipped(self) -> tuple[Skipped, ...]:
        return coverage.skipped(self._tree, self._plan, self._overlays)

    def _wide(self) -> tuple[LocatedFinding, ...]:
        """The findings of the rules that see the whole repository."""
        missed = self._skipped if self._options.require_rendered else ()
        in_order = sorted(self._rendered.items())  # however they were rendered
        seen = wide.Seen(self._files, tuple(f"{name} {item.bearing}" for name, item in in_order), missed)

        def check() -> Iterator[Finding]:
            plain = {path: _without_tags(overlay) for path, overlay in self._overlays.items()}
            whole = dataclasses.replace(self._assembled, overlays=plain, missed=missed)
            return tracing.through_builds(self._tree.root, self._fitting, whole, self._check(REPOSITORY, whole))

        return wide.judged(self._tree.root, self._known, seen, self._cache, check)

    def _check(self, scope: str, repository: Repository) -> Iterator[Finding]:
        asked = (rule for rule in self._rules if scope == rule.SCOPE)
        return (finding for rule in asked for finding in asking.findings(rule, repository))

    def _summary(self, untold: Iterable[Skipped]) -> Summary:
        done = [item for item in self._rendered.values() if not item.skipped and not item.error]
        objects = sum(len(item.objects) for item in done)
        unchanged = len(self._plan.overlays) - len(self._reached)
        aside = coverage.aside(self._tree, self._plan, self._files)
        skipped = (*self._skipped, *aside, *untold)
        return Summary(len(self._read), len(done), objects, skipped, self._builder.name, unchanged)


def _with_results(overlays: Mapping[str, Overlay], rendered: Mapping[str, Rendered]) -> dict[str, Overlay]:
    result = dict(overlays)
    for path, item in rendered.items():
        told = {"objects": item.objects, "refused": item.refused, "error": item.error, "skipped": item.skipped}
        result[path] = overlays[path].with_result(**told, values_read=item.values_read)
    return result


def _without_tags(overlay: Overlay) -> Overlay:
    """An overlay whose objects tell no more of their images than the names: a new tag changes nothing that is seen."""
    return dataclasses.replace(overlay, objects=tuple(map(abridged.without_tags, overlay.objects)))
