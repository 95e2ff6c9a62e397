"""Plans and states of Terraform, read as scenarios: what each resource is to the bill."""
