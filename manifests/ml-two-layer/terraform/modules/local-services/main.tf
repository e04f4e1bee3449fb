# AWS' services, as containers on the network of Kind's nodes: pods reach them by the container's name.

terraform {
  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "~> 3.0"
    }
  }
}

# RDS PostgreSQL
resource "docker_volume" "database" {
  name = "${var.name}-postgres"
}

resource "docker_container" "database" {
  name    = "${var.name}-postgres"
  image   = "postgres:16.6"
  restart = "unless-stopped"

  env = [
    "POSTGRES_DB=mlplatform",
    "POSTGRES_USER=${var.database_username}",
    "POSTGRES_PASSWORD=${var.database_password}",
  ]

  healthcheck {
    test     = ["CMD-SHELL", "pg_isready -U ${var.database_username} -d mlplatform"]
    interval = "10s"
    retries  = 5
  }

  networks_advanced {
    name = var.network
  }

  volumes {
    volume_name    = docker_volume.database.name
    container_path = "/var/lib/postgresql/data"
  }
}

# ElastiCache Redis
resource "docker_container" "cache" {
  name    = "${var.name}-redis"
  image   = "redis:7.4.1-alpine"
  restart = "unless-stopped"
  command = ["redis-server", "--save", "", "--maxmemory", "256mb", "--maxmemory-policy", "allkeys-lru"]

  networks_advanced {
    name = var.network
  }
}

# S3
resource "docker_volume" "storage" {
  name = "${var.name}-minio"
}

resource "docker_container" "storage" {
  name       = "${var.name}-minio"
  image      = "minio/minio:RELEASE.2024-11-07T00-52-20Z"
  restart    = "unless-stopped"
  entrypoint = ["sh", "-c"]

  # A folder of the data directory is a bucket.
  command = ["mkdir -p /data/${var.bucket} && exec minio server /data --console-address :9001"]

  env = [
    "MINIO_ROOT_USER=${var.storage_key}",
    "MINIO_ROOT_PASSWORD=${var.storage_secret}",
  ]

  networks_advanced {
    name = var.network
  }

  ports {
    internal = 9001
    external = 9001
    ip       = "127.0.0.1"
  }

  volumes {
    volume_name    = docker_volume.storage.name
    container_path = "/data"
  }
}

# ECR
resource "docker_volume" "registry" {
  name = "${var.name}-registry"
}

resource "docker_container" "registry" {
  name    = "${var.name}-registry"
  image   = "registry:2.8.3"
  restart = "unless-stopped"

  networks_advanced {
    name = var.network
  }

  ports {
    internal = 5000
    external = 5001
    ip       = "127.0.0.1"
  }

  volumes {
    volume_name    = docker_volume.registry.name
    container_path = "/var/lib/registry"
  }
}
