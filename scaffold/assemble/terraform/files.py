"""The files of Terraform, each read once."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from scaffold.assemble import resting, scripted
from scaffold.discover import Tree
from scaffold.model import Repository, Skipped
from scaffold.model.terraform import Terraform
from scaffold.parse import hcl

_ENDINGS = (".tf", ".tofu", ".tfvars")
_JSON = (".tf.json", ".tofu.json", ".tfvars.json")
_VALUES = ".tfvars"
_LARGEST = 500_000  # bytes of a file that somebody wrote
_OVERRIDES = re.compile(r"(?:\A|_)override\.t(?:f|ofu)\Z")
# What gives a backend as it is initialised, or parts a state into several: options, files of them, other programs.
_STEERING = re.compile(
    r"backend-config|workspace[ \t]+(?:select|new)|TF_WORKSPACE|TF_CLI_ARGS|terragrunt|_override\.tf"
    r"|^[ \t-]*workspace:[ \t]",
    re.MULTILINE,
)
_VARYING = re.compile(r"-var(?:-file)?[ =]")
_STEERS = re.compile(
    r"\.tfbackend\Z|(?:\A|/)[^/]*backend[^/]*\.(?:hcl|tfvars|conf|config)(?:\.[\w.-]+)?\Z|terragrunt\.hcl\Z"
)
_PIPELINE = re.compile(
    r"(?:\A|/)(?:Jenkinsfile[^/]*|azure-pipelines[^/]*|bitbucket-pipelines\.yml|cloudbuild\.ya?ml|buildspec\.ya?ml"
    r"|\.(?:circleci|woodpecker|buildkite|devops|azuredevops|semaphore)/[^/]+|\.(?:drone|woodpecker|travis)\.ya?ml"
    r"|\.gitlab/[^/]+\.ya?ml|mise\.toml|\.envrc|repos\.ya?ml|atlantis\.ya?ml)\Z"
)


def texts(repository: Repository, read: Callable[[str], str], tree: Tree) -> tuple[Terraform, frozenset[str]]:
    """What is there, and the files that it was read from."""
    named = [path for path in tree.others if path.endswith(_ENDINGS)]
    found = {path: read(path) for path in named if tree.others[path].size <= _LARGEST}
    opaque = {path for path in tree.others if path.endswith(_JSON)} | (set(named) - found.keys())
    opaque |= {path for path in found if _OVERRIDES.search(posixpath.basename(path))}
    directories = frozenset(map(posixpath.dirname, opaque))
    if not found:
        return Terraform(found, directories), frozenset()
    everything = tree.others.keys() | tree.yaml.keys()
    telling = sorted({*scripted.scripts(repository), *filter(_PIPELINE.search, everything)})
    told = [read(path) for path in telling]
    steered = any(map(_STEERS.search, everything)) or any(map(_STEERING.search, told))
    return Terraform(found, directories, steered, any(map(_VARYING.search, told))), frozenset((*found, *telling))


def directories(repository: Repository, *words: str) -> dict[str, list[str]]:
    """The files in use that have one of some words, by their directories."""
    found: dict[str, list[str]] = {}
    for path, text in repository.terraform.texts.items():
        if not path.endswith(_VALUES) and any(word in text for word in words) and not resting.is_unused(path):
            found.setdefault(posixpath.dirname(path), []).append(path)
    return found


def of_directory(repository: Repository, directory: str) -> Iterator[str]:
    """The files of a directory, values apart."""
    yield from repository.once(_by_directory).get(directory, ())


def values(repository: Repository, directory: str) -> Iterator[str]:
    """The files of values in a directory."""
    yield from repository.once(_values).get(directory, ())


def block(repository: Repository, path: str) -> hcl.Block:
    """A file as a block."""
    known: dict[str, hcl.Block] = repository.once(_blocks)
    if path not in known:
        known[path] = hcl.read(repository.terraform.texts.get(path, ""))
    return known[path]


def is_whole(repository: Repository, directory: str) -> bool:
    """Tell whether all that stands in a directory can be read, so that nothing more is set there."""
    own = (*of_directory(repository, directory), *values(repository, directory))
    return directory not in repository.terraform.opaque and repository.once(_unreadable).isdisjoint(own)


def unread(repository: Repository) -> tuple[Skipped, ...]:
    """What cannot be read, so that what Terraform makes of the same directory is not known."""
    flaw = "cannot be read as HCL; mend its syntax, which 'terraform fmt' points at"
    return tuple(Skipped(path, flaw) for path in sorted(repository.once(_unreadable)) if not resting.is_unused(path))


def _unreadable(repository: Repository) -> frozenset[str]:
    return frozenset(path for path, text in repository.terraform.texts.items() if not hcl.is_readable(text))


def _blocks(_: Repository) -> dict[str, hcl.Block]:
    return {}


def _by_directory(repository: Repository) -> Mapping[str, list[str]]:
    return _listed(path for path in repository.terraform.texts if not path.endswith(_VALUES))


def _values(repository: Repository) -> Mapping[str, list[str]]:
    return _listed(path for path in repository.terraform.texts if path.endswith(_VALUES))


def _listed(paths: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(posixpath.dirname(path), []).append(path)
    return found
