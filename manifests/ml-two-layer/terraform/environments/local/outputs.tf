# What layer 2 expects of layer 1, by the same names in every environment.

output "cluster_endpoint" {
  value = kind_cluster.this.endpoint
}

output "database_host" {
  value = module.services.database_host
}

output "cache_host" {
  value = module.services.cache_host
}

output "storage_endpoint" {
  value = module.services.storage_endpoint
}

output "storage_bucket" {
  value = module.services.storage_bucket
}

output "registry" {
  value = module.services.registry
}
