"""The settings file `.gitops-scaffold.yaml`: the conventions that a repository is held to, as data."""

from scaffold.settings.keys import PROFILES
from scaffold.settings.reading import NAME, Override, PathIgnore, Promotions, Settings, read
from scaffold.settings.schema import schema

__all__ = ["NAME", "PROFILES", "Override", "PathIgnore", "Promotions", "Settings", "read", "schema"]
