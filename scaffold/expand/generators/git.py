"""The git generator: directories or files of this tree."""

from __future__ import annotations

import dataclasses
import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from scaffold.errors import ScaffoldError
from scaffold.expand import fast_templates, paths
from scaffold.expand.generation import GenerationError
from scaffold.expand.generators.context import Context, Parameters
from scaffold.expand.go_values import StringList, from_json
from scaffold.expand.names import sanitize_name
from scaffold.expand.unverifiable import UnverifiableError
from scaffold.model import mapping, sequence


def parameters(body: Mapping[str, Any], context: Context) -> list[Parameters]:
    """Give one set for each directory, or for each document of each file."""
    _check_project(context)
    directories = [mapping(item) for item in sequence(body.get("directories"))]
    files = [mapping(item) for item in sequence(body.get("files"))]
    if not directories and not files:
        raise GenerationError("the git generator has neither directories nor files")
    url, revision = str(body.get("repoURL") or ""), str(body.get("revision") or "")
    tree = context.view.of(url, revision)
    if tree is None:
        raise UnverifiableError(f"the git generator reads another tree ({url}, revision {revision or 'HEAD'})")
    context = dataclasses.replace(context, view=tree)
    prefix = str(body.get("pathParamPrefix") or "")
    found = list(
        _from_directories(directories, prefix, context) if directories else _from_files(files, prefix, context)
    )
    for each in found:
        context.add_values(body.get("values"), each)
    return found


def _check_project(context: Context) -> None:
    """A literal project must exist before the repository is asked."""
    known = context.view.projects
    if known is not None and "{{" not in context.project and context.project not in known:
        raise GenerationError(f"error getting project {context.project}: it does not exist")


def _from_directories(items: list[Mapping[str, Any]], prefix: str, context: Context) -> Iterator[Parameters]:
    included: dict[str, None] = {}
    for item in items:
        if item.get("exclude") is not True:
            included.update(dict.fromkeys(context.view.directories_matching(str(item.get("path") or ""))))
    excluded = [str(item.get("path") or "") for item in items if item.get("exclude") is True]
    several = len(items) - len(excluded) > 1
    for path in sorted(included, key=lambda path: path.split("/")) if several else included:
        if not any(paths.matches(pattern, path) for pattern in excluded):
            yield _path_parameters(path, prefix) if context.go else _flat_path_parameters(path, prefix)


def _path_parameters(path: str, prefix: str, filename: str = "") -> Parameters:
    base = posixpath.basename(path)
    found: Parameters = {
        "path": path,
        "basename": base,
        "basenameNormalized": sanitize_name(base),
        "segments": StringList(path.split("/")),
    }
    if filename:
        found |= {"filename": filename, "filenameNormalized": sanitize_name(filename)}
    return {prefix: {"path": found}} if prefix else {"path": found}


def _flat_path_parameters(path: str, prefix: str, filename: str = "") -> Parameters:
    name = f"{prefix}.path" if prefix else "path"
    base = posixpath.basename(path)
    found: Parameters = {name: path, f"{name}.basename": base, f"{name}.basenameNormalized": sanitize_name(base)}
    if filename:
        found |= {f"{name}.filename": filename, f"{name}.filenameNormalized": sanitize_name(filename)}
    return found | {f"{name}[{index}]": part for index, part in enumerate(path.split("/")) if part}


def _from_files(items: list[Mapping[str, Any]], prefix: str, context: Context) -> Iterator[Parameters]:
    included: set[str] = set()
    excluded: set[str] = set()
    for item in items:
        chosen = excluded if item.get("exclude") is True else included
        try:
            chosen.update(context.view.files_matching(str(item.get("path") or "")))
        except ValueError as error:
            raise GenerationError(f"unable to list files: {error}") from error
    for file in sorted(included - excluded):
        path, _, filename = file.rpartition("/")
        for document in _documents(file, context):
            if context.go:
                yield document | _path_parameters(path or ".", prefix, filename)
            else:
                flat = fast_templates.flat_text(document)
                yield {**flat, **_flat_path_parameters(path or ".", prefix, filename)}


def _documents(file: str, context: Context) -> list[Parameters]:
    """The map in a file, or the list of maps."""
    try:
        value = from_json(context.view.first_document(file))
    except ScaffoldError as error:
        raise GenerationError(f"unable to process file '{file}': {error}") from error
    except OSError as error:
        raise UnverifiableError(f"{file} cannot be read") from error
    found = value if isinstance(value, list) else [value]
    if not all(isinstance(document or {}, dict) for document in found) or value in ("", False):
        raise GenerationError(f"unable to process file '{file}': it is neither a map nor a list of maps")
    return [document or {} for document in found]
