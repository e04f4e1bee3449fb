output "database_host" {
  value = docker_container.database.name
}

output "cache_host" {
  value = docker_container.cache.name
}

output "storage_endpoint" {
  value = "http://${docker_container.storage.name}:9000"
}

output "storage_bucket" {
  value = var.bucket
}

output "registry" {
  value = "localhost:5001"
}
