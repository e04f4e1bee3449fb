# Local development: a Kind cluster, and containers that stand in for AWS' services on its network.

terraform {
  required_version = ">= 1.9"

  required_providers {
    docker = {
      source  = "kreuzwerker/docker"
      version = "~> 3.0"
    }
    kind = {
      source  = "tehcyx/kind"
      version = "~> 0.7"
    }
  }

  # One developer, one machine: the state stays on it.
  backend "local" {
    path = "terraform.tfstate"
  }
}

provider "docker" {}

provider "kind" {}

resource "kind_cluster" "this" {
  name           = var.name
  wait_for_ready = true

  kind_config {
    kind        = "Cluster"
    api_version = "kind.x-k8s.io/v1alpha4"

    # Nodes pull "localhost:5001/…" from the registry's container.
    containerd_config_patches = [
      <<-TOML
      [plugins."io.containerd.grpc.v1.cri".registry.mirrors."localhost:5001"]
        endpoint = ["http://${var.name}-registry:5000"]
      TOML
    ]

    node {
      role = "control-plane"

      # The frontend, the backend and the ingress of layer 2.
      extra_port_mappings {
        container_port = 30080
        host_port      = 8080
      }
      extra_port_mappings {
        container_port = 30800
        host_port      = 8000
      }
      extra_port_mappings {
        container_port = 30081
        host_port      = 80
      }
    }

    node {
      role = "worker"
    }
  }
}

module "services" {
  source = "../../modules/local-services"

  name              = var.name
  database_username = var.database_username
  database_password = var.database_password
  storage_key       = var.storage_key
  storage_secret    = var.storage_secret

  # Kind makes the Docker network that the containers join.
  depends_on = [kind_cluster.this]
}
