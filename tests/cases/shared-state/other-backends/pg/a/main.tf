terraform {
  backend "pg" {
    conn_str = "postgres://pg.example.com/states"
    schema_name = "network"
  }
}
