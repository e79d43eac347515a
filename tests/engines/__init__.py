"""Proof on the real kube-apiserver, Argo CD and Flux, run as plain processes; `python -m engines` starts here."""
