variable "cores" {
  type = number
}

module "tier" {
  source = "./tier"
  count  = 2

  cores = var.cores
  names = count.index == 0 ? ["web", "api"] : ["db"]
}
