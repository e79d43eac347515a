environment = "production
