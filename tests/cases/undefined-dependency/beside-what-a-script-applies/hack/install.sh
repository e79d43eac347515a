#!/bin/sh
set -e
flux install
flux create source git fleet --url=https://git.example.com/shop/fleet.git --branch=main
kubectl apply -f infra/infra.yaml
sed "s/CLUSTER/$1/" hack/storage.yaml.tmpl | kubectl apply -f -
kubectl apply -f "clusters/$1/flux-system/sync.yaml"
