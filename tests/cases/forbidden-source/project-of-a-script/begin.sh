kubectl apply -f projects/shop.yaml
