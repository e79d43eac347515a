"""A policy of an AppProject's role is one that Argo CD's API refuses.

It grants the role nothing where it speaks of another subject, of what belongs to no project, or of another project. A
line that cannot be read takes the roles of the whole project away, since their policies are read together. With any of
them neither the command line nor the web interface can change the project (Argo CD 3.5, validatePolicy).

Fails:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
      roles:
        - name: releaser
          policies:
            - p, proj:checkout:release, applications, sync, checkout/*, allow
          groups:
            - example-org:releasers

Passes:

    # project.yaml
    apiVersion: argoproj.io/v1alpha1
    kind: AppProject
    metadata:
      name: checkout
      namespace: argocd
    spec:
      sourceRepos:
        - https://git.example.com/checkout/deploy.git
      destinations:
        - name: in-cluster
          namespace: payments
      roles:
        - name: releaser
          policies:
            - p, proj:checkout:releaser, applications, sync, checkout/*, allow
          groups:
            - example-org:releasers
"""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.assemble import written
from scaffold.expand import rbac
from scaffold.model import Finding, Repository, Severity, dig, sequence

ID = "refused-role-policy"
SEVERITY = Severity.ERROR
SCOPE = "file"


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every policy that is refused."""
    for project in written.manifests(repository, "argoproj.io/AppProject"):
        for number, role in enumerate(sequence(project.get("spec", "roles"))):
            name = str(dig(role, "name"))
            for index, policy in enumerate(sequence(dig(role, "policies"))):
                flaw = rbac.role_policy_flaw(policy, project.name, name) if isinstance(policy, str) else ""
                if flaw and "{{" not in policy and "${" not in policy:
                    place = project.place("spec", "roles", number, "policies", index)
                    message = f"policy {policy!r} of role {name!r} is refused, {flaw}"
                    yield Finding(place, ID, message, subject=f"{project.name}/{name}/{policy}")
