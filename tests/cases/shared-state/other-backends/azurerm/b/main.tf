terraform {
  backend "azurerm" {
    resource_group_name = "b"
    storage_account_name = "shopstates"
    container_name = "states"
    key = "network"
  }
}
