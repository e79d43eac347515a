"""Write, validate and update GitOps repositories for Argo CD and Flux."""

__version__ = "0.1.0"
