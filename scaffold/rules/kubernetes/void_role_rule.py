"""A Role grants what no resource has.

The API server takes every word for a verb, a resource or a group, and whoever has the Role is refused all the same.
Verbs are those of the API, `get` and not `read`; resources are written as in its addresses, in lower case and in the
plural, those of known definitions too; and each is of a group, which is empty for ConfigMaps, Secrets, Services and
pods. Another rule of the role that has the group right makes that harmless, where it grants the same verbs. A Role
grants nothing on what is of the whole cluster, as nodes and TokenReviews are (kube-apiserver 1.37), but for its own
namespace by name, `bind` of a ClusterRole, and the reviews that everybody may make of himself; that is a warning, and
none where a ClusterRole beside it grants something on the same. What is about to be created has no name yet, so that a
rule for some names does not let anybody create them; that is a warning, as server-side apply, which tells the name,
gets through, and none where another role lets create them, or all of them are there already.

Fails:

    # role.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: web
    rules:
      - apiGroups:
          - ""
        resources:
          - configmap
        verbs:
          - get
          - list

Passes:

    # role.yaml
    apiVersion: rbac.authorization.k8s.io/v1
    kind: Role
    metadata:
      name: web
    rules:
      - apiGroups:
          - ""
        resources:
          - configmaps
        verbs:
          - get
          - list
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from scaffold import schemas
from scaffold.model import Confidence, Finding, Manifest, Overlay, Pointer, Repository, Severity, dig, mapping, sequence
from scaffold.nearest import slipped
from scaffold.rules import resources

ID = "void-role-rule"
SEVERITY = Severity.ERROR
SCOPE = "overlay"
_CLUSTER_ROLE = "rbac.authorization.k8s.io/ClusterRole"
_ROLES = ("rbac.authorization.k8s.io/Role", _CLUSTER_ROLE)
_BINDING = "rbac.authorization.k8s.io/ClusterRoleBinding"
_DELEGATOR, _REVIEWS = "system:auth-delegator", ("subjectaccessreviews", "tokenreviews")
_EVERYONES = frozenset(("selfsubjectaccessreviews", "selfsubjectreviews", "selfsubjectrulesreviews"))  # by basic-user
_BEYOND = "of the whole cluster, where a Role grants nothing; use a ClusterRole with a ClusterRoleBinding, or remove it"
_VERBS = frozenset(("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"))
_MEANT = {"read": "get", "view": "get", "write": "update", "edit": "update", "modify": "update", "put": "update"} | {
    "add": "create",
    "post": "create",
    "remove": "delete",
    "all": "*",
}


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every such word of rules that are about resources of Kubernetes itself, or kinds of known definitions."""
    for overlay in repository.overlays.values():
        for manifest in overlay.of(*_ROLES):
            for index, rule in enumerate(map(mapping, sequence(manifest.get("rules")))):
                groups = [str(group) for group in sequence(rule.get("apiGroups"))]
                yield from _groups(manifest, ("rules", index, "apiGroups"), groups)
                if groups and all(schemas.is_builtin(group) for group in groups):
                    yield from _unnamed(overlay, manifest, index)
                    yield from _verbs(manifest, ("rules", index, "verbs"))
                    yield from _resources(manifest, index, groups)
                    yield from _of_the_cluster(overlay, manifest, index, groups)
                elif groups and all(resources.of(group) for group in groups):
                    yield from _resources(manifest, index, groups, others=False)


def _groups(manifest: Manifest, where: Pointer, groups: list[str]) -> Iterator[Finding]:
    """Yield every version in the place of a group, or behind one."""
    for index, group in enumerate(groups):
        name, _, version = group.rpartition("/")
        if schemas.is_version(version):
            yield _finding(
                manifest, (*where, index), f"something of API group {group!r}, which is a version", name, "group "
            )


def _verbs(manifest: Manifest, where: Pointer) -> Iterator[Finding]:
    verbs = [str(verb) for verb in sequence(manifest.get(*where))]
    for index, verb in enumerate(verbs):
        if verb in _VERBS:
            continue
        lower = verb.lower()
        guess = _MEANT.get(lower) or (lower if lower in _VERBS else slipped(lower, _VERBS))
        if guess and not {guess, "*"} & set(verbs):
            yield _finding(manifest, (*where, index), f"the verb {verb!r}, which no resource has", guess)


def _resources(manifest: Manifest, number: int, groups: list[str], *, others: bool = True) -> Iterator[Finding]:
    """Yield what is no resource of its group: a kind in the singular, or, where `others`, one of another group."""
    own = frozenset().union(*(resources.of(group) for group in groups))
    where: Pointer = ("rules", number, "resources")
    for index, told in enumerate(sequence(manifest.get(*where))):
        name, slash, part = str(told).partition("/")
        if name in own:
            yield from _subresource(manifest, (*where, index), name, part)
            continue
        singular = {resources.singular(plural): plural for plural in own}
        guess = name.lower() if name.lower() in own else singular.get(name.lower(), "")
        if guess:
            fact = f"something on {str(told)!r}, which is no resource"
            place, meant = (*where, index), f"{guess}{slash}{part}"
            beyond = _is_beyond(manifest, number, guess, groups)
            yield _void(manifest, place, fact, repr(meant)) if beyond else _finding(manifest, place, fact, meant)
        elif others:
            yield from _of_another_group(manifest, number, index, name, groups)


def _subresource(manifest: Manifest, where: Pointer, name: str, part: str) -> Iterator[Finding]:
    """Yield a part that a resource does not have, and that is called almost as one that it has."""
    known = resources.PARTS.get(name, frozenset())
    guess = slipped(part, known) if part and part not in known | resources.OF_NODES else ""
    if guess and not any(f"{name}/{guess}" in _texts(dig(rule, "resources")) for rule in _rules(manifest)):
        yield _finding(manifest, where, f"something on '{name}/{part}', which is no resource", f"{name}/{guess}")


def _unnamed(overlay: Overlay, manifest: Manifest, number: int) -> Iterator[Finding]:
    """Yield `create` of objects by their names, of what no role of the overlay lets anybody create."""
    rule = mapping(manifest.get("rules", number))
    verbs = sequence(rule.get("verbs"))
    created = [str(name) for name in sequence(rule.get("resources")) if "/" not in str(name)]
    named = sequence(rule.get("resourceNames")) if "create" in verbs and not manifest.get("aggregationRule") else []
    granted = any(_lets_create(overlay, rule, name) for name in created)
    if named and created and not granted and not _are_there(overlay, set(map(str, named)), created):
        fact = f"{manifest.kind} {manifest.name!r} grants 'create' of {created[0]!r} for resourceNames alone"
        place = manifest.place("rules", number, "resourceNames", at_key=True)
        message = f"{fact}, but what is to be created has no name yet; grant 'create' in a rule without them"
        yield Finding(place, ID, message, Severity.WARNING, Confidence.MEDIUM)


def _are_there(overlay: Overlay, names: set[str], created: list[str]) -> bool:
    """Tell whether the overlay itself makes all objects of these names: whoever has the role need not create them."""
    kinds = {resources.singular(name) for name in created}
    return names <= {manifest.name for manifest in overlay.manifests if manifest.kind.lower() in kinds}


def _lets_create(overlay: Overlay, named: Mapping[str, Any], resource: str) -> bool:
    """Tell whether some rule lets create a resource of a group whatever its name is."""
    asked = (("verbs", {"create"}), ("resources", {resource}), ("apiGroups", _texts(named.get("apiGroups"))))
    return any(
        not sequence(rule.get("resourceNames"))
        and all({"*", *wanted} & _texts(rule.get(field)) for field, wanted in asked)
        for role in overlay.of(*_ROLES)
        for rule in map(mapping, sequence(role.get("rules")))
    )


def _texts(value: object) -> set[str]:
    return set(map(str, sequence(value)))


def _of_another_group(manifest: Manifest, number: int, index: int, name: str, groups: list[str]) -> Iterator[Finding]:
    where: Pointer = ("rules", number, "resources", index)
    having = resources.having(name)
    void = _void_verbs(manifest, number, name, having) if having else ""
    if void:
        named = " and ".join(repr(group) for group in groups)
        fact = f"{void} on {name!r} of API group {named}, which has no such resource"
        if _is_beyond(manifest, number, name, having):
            yield _void(manifest, where, fact, f"that of group {having[0]!r}")
        else:
            yield _finding(manifest, where, fact, having[0], "group ")


def _void_verbs(manifest: Manifest, number: int, name: str, having: Iterable[str]) -> str:
    """What a role grants on a resource in no group that has it: a verb, or all where no rule of it has the group."""
    granting = _granting(manifest, name, {"*", *having})
    if not granting:
        return "something"
    told = _texts(manifest.get("rules", number, "verbs"))
    wanted = _VERBS - {"deletecollection"} if "*" in told else told & _VERBS
    granted = {verb for rule in granting for verb in _texts(rule.get("verbs"))}
    return repr(min(wanted - granted)) if wanted - granted and "*" not in granted else ""


def _rules(manifest: Manifest) -> Sequence[Any]:
    return sequence(manifest.get("rules"))


def _granting(manifest: Manifest, name: str, groups: AbstractSet[str]) -> list[Mapping[str, Any]]:
    """The rules of a role that grant something on a resource in one of some groups."""
    return [
        rule
        for rule in map(mapping, _rules(manifest))
        if {"*", name} & _texts(rule.get("resources")) and groups & _texts(rule.get("apiGroups"))
    ]


def _of_the_cluster(overlay: Overlay, manifest: Manifest, number: int, groups: list[str]) -> Iterator[Finding]:
    """Yield what is of the whole cluster in a Role, unless a ClusterRole grants something on it as well."""
    where: Pointer = ("rules", number, "resources")
    for index, told in enumerate(map(str, sequence(manifest.get(*where)))):
        if _is_beyond(manifest, number, told, groups) and not _is_granted_whole(overlay, told):
            message = f"Role {manifest.name!r} grants something on {told!r}, which is {_BEYOND}"
            yield Finding(manifest.place(*where, index), ID, message, Severity.WARNING)


def _is_beyond(manifest: Manifest, number: int, resource: str, groups: Iterable[str]) -> bool:
    """Tell whether a Role cannot grant something; `bind` is asked for in the namespace that a RoleBinding is in."""
    name, verbs = resource.partition("/")[0], _texts(manifest.get("rules", number, "verbs"))
    within = name == "namespaces" or name in _EVERYONES or (name == "clusterroles" and not verbs <= _VERBS)
    scopes = {resources.of(group)[name] for group in groups if name in resources.of(group)}
    return manifest.kind == "Role" and not within and scopes == {"Cluster"}


def _is_granted_whole(overlay: Overlay, resource: str) -> bool:
    """Tell whether a ClusterRole of the overlay is about a resource, or the known one that is for reviews is bound."""
    if resource in _REVIEWS and any(item.get("roleRef", "name") == _DELEGATOR for item in overlay.of(_BINDING)):
        return True
    rules = (rule for role in overlay.of(_CLUSTER_ROLE) for rule in sequence(role.get("rules")))
    return any({resource, "*"} & _texts(dig(rule, "resources")) for rule in rules)


def _finding(manifest: Manifest, where: Pointer, fact: str, guess: str, what: str = "") -> Finding:
    message = f"{manifest.kind} {manifest.name!r} grants {fact}; did you mean {what}{guess!r}?"
    return Finding(manifest.place(*where), ID, message)


def _void(manifest: Manifest, where: Pointer, fact: str, meant: str) -> Finding:
    """What is no resource, and would be beyond a Role where it was what is meant."""
    message = f"{manifest.kind} {manifest.name!r} grants {fact}, and {meant} is {_BEYOND}"
    return Finding(manifest.place(*where), ID, message)
