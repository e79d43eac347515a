terraform {
  backend "http" {
    address = "https://states.example.com/network"
    lock_address = "https://states.example.com/a"
  }
}
