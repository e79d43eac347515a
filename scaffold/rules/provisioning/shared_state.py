"""Two root modules of Terraform keep their state at one address, so that each plans to destroy what the other made.

Looked at are the backends `azurerm`, `consul`, `gcs`, `http`, `kubernetes`, `local`, `pg` and `s3`, and workspaces of
HCP Terraform by their names (Terraform 1.14), where literals say all of the address. Told is of the root whose
directory the key says less of. Passed over are directories that others call as modules, whose backends do not count;
a backend of which something is left to `-backend-config`, and all of them where a script, a pipeline or a file here
gives that, selects workspaces, or runs Terragrunt.

Fails:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # terraform/production/main.tf
    terraform {
      backend "s3" {
        bucket = "shop-states"
        key    = "staging/cluster.tfstate"
        region = "eu-central-1"
      }
    }
    # terraform/staging/main.tf
    terraform {
      backend "s3" {
        bucket = "shop-states"
        key    = "staging/cluster.tfstate"
        region = "eu-central-1"
      }
    }

Passes:

    # config.yaml
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: web
    # terraform/production/main.tf
    terraform {
      backend "s3" {
        bucket = "shop-states"
        key    = "production/cluster.tfstate"
        region = "eu-central-1"
      }
    }
    # terraform/staging/main.tf
    terraform {
      backend "s3" {
        bucket = "shop-states"
        key    = "staging/cluster.tfstate"
        region = "eu-central-1"
      }
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.assemble.terraform import states
from scaffold.model import Finding, Repository, Severity

ID = "shared-state"
SEVERITY = Severity.ERROR
SCOPE = "repository"
_WORD = re.compile(r"[^\W_]+")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield every root but one of those that share an address."""
    by_address: dict[tuple[str, ...], list[states.State]] = {}
    for state in states.found(repository):
        by_address.setdefault(state.address, []).append(state)
    for several in (each for each in by_address.values() if len(each) > 1):
        roots = [state for state in several if state.directory not in states.called(repository)]
        in_order = sorted(roots, key=lambda state: (-_fits(state), state.directory))
        yield from (_finding(state, in_order[0]) for state in in_order[1:])


def _finding(state: states.State, first: states.State) -> Finding:
    kept = f"the workspace '{state.key}'" if state.kind == "workspace" else f"'{state.key}' of its {state.kind} backend"
    fact = f"root module keeps its state in {kept}, as that in '{first.directory or '.'}' does ({{0}})"
    message = f"{fact}, so that each plans to destroy what the other made; give it a key of its own"
    return Finding(state.place, ID, message, SEVERITY, subject=state.directory, related=(first.place,))


def _fits(state: states.State) -> int:
    """How many words of a root's directory its key has."""
    return len(set(_WORD.findall(state.directory.lower())) & set(_WORD.findall(state.key.lower())))
