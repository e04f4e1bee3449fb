# What layer 2 expects of layer 1, by the same names in every environment.

output "cluster_endpoint" {
  value = module.eks.endpoint
}

output "database_host" {
  value = module.rds.host
}

output "database_secret_arn" {
  description = "Where the database's credentials lie, to be sealed for layer 2."
  value       = module.rds.secret_arn
}

output "cache_host" {
  value = module.storage.cache_host
}

output "storage_endpoint" {
  value = "https://s3.${var.region}.amazonaws.com"
}

output "storage_bucket" {
  value = module.storage.bucket
}

output "storage_role_arn" {
  value = module.storage.role_arn
}

output "registry" {
  value = module.storage.registry
}

output "certificate_arn" {
  value = module.eks.certificate_arn
}
