# The production environment on AWS: over several zones, protected from deletion.

terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.76"
    }
    helm = {
      source  = "hashicorp/helm"
      version = "~> 2.16"
    }
  }

  # Remote state with locking: bucket and table are made once, by hand.
  backend "s3" {
    bucket         = "ml-platform-terraform-state"
    key            = "prod/terraform.tfstate"
    region         = "eu-central-1"
    dynamodb_table = "ml-platform-terraform-locks"
    encrypt        = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      Project     = "ml-platform"
      Environment = "prod"
      ManagedBy   = "terraform"
    }
  }
}

provider "helm" {
  kubernetes {
    host                   = module.eks.endpoint
    cluster_ca_certificate = base64decode(module.eks.certificate_authority)

    exec {
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", module.eks.name]
    }
  }
}

module "eks" {
  source = "../../modules/aws-eks"

  name               = "ml-platform-prod"
  region             = var.region
  kubernetes_version = "1.31"
  node_type          = "m6i.xlarge"
  nodes_min          = 3
  nodes_max          = 10
  host               = var.host
  hosted_zone        = var.hosted_zone
}

module "rds" {
  source = "../../modules/aws-rds"

  name                  = "ml-platform-prod"
  vpc_id                = module.eks.vpc_id
  subnet_ids            = module.eks.private_subnet_ids
  client_security_group = module.eks.node_security_group
  private_zone_id       = module.eks.private_zone_id
  instance_class        = "db.m6g.large"
  multi_az              = true
  backup_days           = 30
  deletion_protection   = true
}

module "storage" {
  source = "../../modules/aws-storage"

  name                  = "ml-platform-prod"
  vpc_id                = module.eks.vpc_id
  subnet_ids            = module.eks.private_subnet_ids
  client_security_group = module.eks.node_security_group
  private_zone_id       = module.eks.private_zone_id
  oidc_provider_arn     = module.eks.oidc_provider_arn
  oidc_issuer           = module.eks.oidc_issuer
  cache_nodes           = 3
  force_destroy         = false
}
