"""A PolicyException of Kyverno names a rule that its policy does not have.

It is taken, excepts nothing by that name, and what it was written for is refused. A rule is named exactly or by a
pattern with `*` and `?`, and for a controller of pods by the name that Kyverno gives its own form of the rule,
`autogen-<rule>` or `autogen-cronjob-<rule>` (Kyverno 1.15). It is looked at where the repository renders the policy.

Fails:

    # all.yaml
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: non-root
    spec:
      rules:
        - name: run-as-non-root
          match:
            any:
              - resources:
                  kinds: [Pod]
          validate:
            failureAction: Enforce
            message: Pods run as another user than root.
            pattern:
              spec:
                securityContext:
                  runAsNonRoot: true
    ---
    apiVersion: kyverno.io/v2
    kind: PolicyException
    metadata:
      name: shop
      namespace: shop
    spec:
      exceptions:
        - policyName: non-root
          ruleNames:
            - non-root
      match:
        any:
          - resources:
              kinds: [Pod]
              names: [shop]

Passes:

    # all.yaml
    apiVersion: kyverno.io/v1
    kind: ClusterPolicy
    metadata:
      name: non-root
    spec:
      rules:
        - name: run-as-non-root
          match:
            any:
              - resources:
                  kinds: [Pod]
          validate:
            failureAction: Enforce
            message: Pods run as another user than root.
            pattern:
              spec:
                securityContext:
                  runAsNonRoot: true
    ---
    apiVersion: kyverno.io/v2
    kind: PolicyException
    metadata:
      name: shop
      namespace: shop
    spec:
      exceptions:
        - policyName: non-root
          ruleNames:
            - run-as-non-root
      match:
        any:
          - resources:
              kinds: [Pod]
              names: [shop]
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator

from scaffold.assemble import bodies
from scaffold.assemble.bodies import Kept
from scaffold.model import Finding, Pointer, Repository, Severity, dig, is_variable, sequence
from scaffold.model.values import is_templated, text
from scaffold.nearest import hint, is_akin, slipped

ID = "idle-policy-exception"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_FORMS = ("autogen-cronjob-", "autogen-")
_LONG = 63  # signs that Kyverno lets the name of a rule have


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every rule that is none of its policy's, but once for all forms of it."""
    for kept in bodies.of(repository, "kyverno.io/PolicyException"):
        for index, entry in enumerate(sequence(kept.manifest.get("spec", "exceptions"))):
            policies = list(_policies(repository, kept, text(dig(entry, "policyName"))))
            rules = [name for policy in policies for name in _rules(policy)]
            told = set()
            for number, name in enumerate(sequence(dig(entry, "ruleNames"))) if rules else ():
                plain = _plain(str(name))
                if not _is_one(str(name), rules) and plain not in told:
                    told.add(plain)
                    pointer: Pointer = ("spec", "exceptions", index, "ruleNames", number)
                    yield _finding(repository, kept, pointer, policies[0], rules)


def _policies(repository: Repository, kept: Kept, name: str) -> Iterator[Kept]:
    """The policies of a name; one of a namespace is called after that, too."""
    for policy in bodies.of(repository, "kyverno.io/ClusterPolicy", "kyverno.io/Policy"):
        space = f"{policy.item.namespace}/" if policy.item.kind == "Policy" else ""
        if f"{space}{policy.item.name}" == name and bodies.meet(repository, kept.overlay, policy.overlay):
            yield policy


def _rules(policy: Kept) -> list[str]:
    return [text(dig(rule, "name")) for rule in sequence(policy.manifest.get("spec", "rules"))]


def _plain(name: str) -> str:
    return next((name.removeprefix(form) for form in _FORMS if name.startswith(form)), name)


def _is_one(name: str, rules: list[str]) -> bool:
    """Tell whether a name, or a pattern, is that of a rule or of a form of it; variables may become any."""
    if any(is_variable(each) or is_templated(each) for each in (name, *rules)):
        return True
    every = [f"{form}{rule}"[:_LONG] for rule in rules for form in ("", *_FORMS)]
    pattern = name.replace("[", "[[]")
    return any(fnmatch.fnmatchcase(each, pattern) for each in every)


def _finding(repository: Repository, kept: Kept, pointer: Pointer, policy: Kept, rules: list[str]) -> Finding:
    name = str(kept.manifest.get(*pointer))
    plain = _plain(name)
    guess = slipped(plain, rules) or next((rule for rule in rules if is_akin(plain, rule, "policy")), "")
    form = name[: len(name) - len(plain)]
    remedy = f"did you mean {form + guess!r}?" if guess else hint(plain, rules)
    what = f"{policy.item.kind} {policy.item.name!r} ({{0}})"
    message = f"PolicyException {kept.item.name!r} is for rule {name!r}, which {what} does not have; {remedy}"
    related = (bodies.beside(repository, policy, "spec", "rules"),)
    return Finding(bodies.place(repository, kept, *pointer), ID, message, SEVERITY, related=related)
