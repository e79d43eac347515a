"""Overlays to manifests, exactly as the engines build them: Kustomize and Helm, each behind one adapter."""

from __future__ import annotations

from scaffold.errors import ToolError


class RenderError(ToolError):
    """A directory cannot be built; the message is the renderer's reason, with paths relative to the root."""


class NotRenderedError(ToolError):
    """A directory cannot be built here, which says nothing about it; the message says what is missing."""
