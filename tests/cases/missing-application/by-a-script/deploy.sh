#!/bin/sh
kubectl kustomize apps/pay/overlays/staging/kustomization.yaml
