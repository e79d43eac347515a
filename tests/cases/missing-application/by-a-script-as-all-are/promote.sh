#!/bin/sh
yq .images "apps/$APP/overlays/$STAGE/kustomization.yaml"
