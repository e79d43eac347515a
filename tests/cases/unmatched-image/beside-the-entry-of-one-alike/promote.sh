#!/bin/sh
tag=$(yq '.images[] | select(.name == "registry.example.com/shop/promoted") | .newTag' kustomization.yaml)
echo "$tag"
