variable "cores" {
  type = number
}

variable "names" {
  type = list(string)
}

module "machine" {
  source   = "./machine"
  for_each = toset(var.names)

  shape = {
    cores = var.cores
    disk  = { type = "network-ssd" }
  }
}
