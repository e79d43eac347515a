#!/usr/bin/env bash
set -euo pipefail
kind=${1:-base}
kubectl apply -f "$ROOT/seed.yaml"
sed "s/UPDATE/$TOKEN/" "../deploy/${kind}/other.yaml" | kubectl apply -f -
kubectl apply -f ../elsewhere/lost.yaml
kubectl apply -f "$ROOT/extra.yaml"
kubectl apply -f "$(cd "$ROOT" && pwd)/lone.yaml"
