"""Flux's own logic, offline and exact: what a source leaves, what kustomize-controller builds, what it substitutes."""
