"""Errors that end a run; each message says the subject, the fact and the way out."""

from __future__ import annotations

ISSUES = "https://github.com/gitops-scaffold/gitops-scaffold/issues"  # where bugs are reported


class ScaffoldError(Exception):
    """The run cannot go on and the user can fix it; the message says how (exit 2)."""


class ToolError(ScaffoldError):
    """An external program such as kustomize is absent or failed."""


class AnswersError(ScaffoldError):
    """Answers do not fit the template's questions, or cannot be read."""


class SettingsError(ScaffoldError):
    """The settings file cannot be read, or holds a key that nobody knows."""


class RefusedError(ScaffoldError):
    """A policy of the repository says no: an older build, a hold, a skipped stage (exit 1)."""


class NothingCheckedError(ScaffoldError):
    """No manifest stands below the path, so a clean result would mean nothing (exit 3)."""
