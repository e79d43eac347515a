"""Who may do what: the policy of a repository, asked as Argo CD's API server asks it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scaffold import discover, load, parse, survey
from scaffold.assemble.argocd_settings import RBAC, Settings, made, of_file
from scaffold.errors import ScaffoldError
from scaffold.expand import UnverifiableError, rbac
from scaffold.model import Place

_SIGNS = (b"policy.", b"ArgoCD")  # of these one stands in every file that sets a policy
_CSV = ".csv"


@dataclass(frozen=True)
class Access:
    """A policy, where it comes from (no file where there is only what Argo CD brings), and the repository's root."""

    policy: rbac.Policy
    root: Path
    path: str = ""

    def can(self, subject: str, question: rbac.Request, groups: Iterable[str] = ()) -> tuple[bool, str]:
        """Whether somebody may, and in words why; raises ScaffoldError where a pattern has no sure meaning."""
        try:
            answer = self.policy.can(subject, question, groups)
        except UnverifiableError as error:
            raise _unsure(error) from error
        return answer.allowed, self._why(answer)

    def who_can(self, question: rbac.Request) -> Iterator[tuple[str, str]]:
        """Everybody who may, and in words why; raises ScaffoldError as `can` does."""
        try:
            found = self.policy.who_can(question)
        except UnverifiableError as error:
            raise _unsure(error) from error
        yield from ((name, self._why(answer)) for name, answer in found)

    def _why(self, answer: rbac.Answer) -> str:
        if answer.line is None:
            return "no line permits it"
        return f"{str(answer.line)!r} {self._where(answer.line.place)}"

    def _where(self, place: Place) -> str:
        if not place.path:
            return "is built in"
        if place.line:
            return f"in {place.path}:{place.line}"
        if place.path.endswith(_CSV):
            return f"in {place.path}:{int(place.pointer[-1]) + 1}"
        text = (self.root / place.path).read_text(encoding="utf-8-sig")
        return f"in {place.path}:{parse.locate(text, place.document, place.pointer)[0]}"


def _unsure(error: UnverifiableError) -> ScaffoldError:
    return ScaffoldError(f"the policy has a pattern without a sure meaning, {error}; write it in a simpler way")


def question(action: str, resource: str, object_: str) -> rbac.Request:
    """The question in full; raises ScaffoldError for a resource or an action that does not exist."""
    try:
        return rbac.request(action, resource, object_)
    except rbac.QuestionError as error:
        raise ScaffoldError(str(error)) from error


def read(root: Path, policy_file: Path | None) -> Access:
    """The policy of a repository: of the file that is given, else of the one that sets `argocd-rbac-cm`.

    A policy file is a manifest, values of the argo-cd chart, or CSV. Raises ScaffoldError where several set it, or
    Argo CD refuses a line.
    """
    projects = survey.survey(root).manifests("argoproj.io/AppProject")
    base = policy_file.parent if policy_file else root
    found = _in_file(base, policy_file.name) if policy_file else list(_in_tree(root))
    if policy_file and not found:
        raise ScaffoldError(f"{str(policy_file)!r} sets no RBAC policy; name a file that does")
    if len(found) > 1:
        names = " and ".join(dict.fromkeys(repr(item.path) for item in found))
        raise ScaffoldError(f"an RBAC policy stands more than once, in {names}; name one file with --policy")
    only = found[0] if found else Settings(RBAC, {}, "", 0, {})
    try:
        return Access(rbac.policy(only.data, projects, only.at), base, only.path)
    except rbac.LineError as error:
        raise ScaffoldError(f"{only.path}: {error}; mend it there") from error


def _in_tree(root: Path) -> Iterator[Settings]:
    tree = discover.tree(root)
    kustomizations = {}
    for path in tree.yaml:
        yield from _in_file(root, path)
        if posixpath.basename(path) in discover.KUSTOMIZATION_NAMES:
            kustomizations[path] = load.source_file(path, (root / path).read_bytes())
    for item in made(tree, kustomizations):
        found = (settings for settings in of_file(item.file) if settings.name == RBAC)
        yield from (settings._replace(path=item.entry.path, source=item.source) for settings in found)


def _in_file(root: Path, path: str) -> list[Settings]:
    try:
        content = (root / path).read_bytes()
    except OSError as error:
        raise ScaffoldError(f"{path!r} cannot be read; {error.strerror}") from error
    if path.endswith(_CSV):
        text = content.decode("utf-8-sig", "replace")
        return [Settings(RBAC, {"policy.csv": text}, path, 0, {"policy.csv": ()})]
    if not any(sign in content for sign in _SIGNS):
        return []
    return [found for found in of_file(load.source_file(path, content, keep=True)) if found.name == RBAC]
