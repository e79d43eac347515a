terraform {
  backend "http" {
    address = "https://states.example.com/network"
  }
}
