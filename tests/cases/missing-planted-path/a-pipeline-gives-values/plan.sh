terraform plan -var environment=production
