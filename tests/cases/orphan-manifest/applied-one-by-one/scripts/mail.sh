#!/bin/sh
yamllint shop/*.yaml
kubectl apply -f ./mail/*.yaml
