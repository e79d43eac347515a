for root in a b; do
  terraform -chdir="terraform/$root" init -backend-config="key=$root.tfstate"
done
