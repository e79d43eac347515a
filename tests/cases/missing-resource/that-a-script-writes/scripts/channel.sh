#!/bin/sh
here=$(dirname "$0")
sed "s/@channel@/$1/" channel.tpl \
    > "${here}/../relay/channel.yaml"
cp "${here}/channel.yaml" "${here}/../web/channel.yaml"
kubectl delete -f mail/channel.yaml
echo "{}" > "${to}/channel.yaml"
