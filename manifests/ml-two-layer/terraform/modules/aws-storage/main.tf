# S3 and what is stored beside it: the cache (ElastiCache) and the images (ECR).

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.76"
    }
  }
}

# S3
resource "aws_s3_bucket" "data" {
  bucket        = "${var.name}-data"
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# The role of the ServiceAccounts backend and ml-jobs of layer 2: this bucket, and no other.
resource "aws_iam_role" "storage" {
  name = "${var.name}-storage"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = var.oidc_provider_arn }
      Condition = {
        StringEquals = {
          "${var.oidc_issuer}:sub" = [
            "system:serviceaccount:ml-platform:backend",
            "system:serviceaccount:ml-platform:ml-jobs",
          ]
          "${var.oidc_issuer}:aud" = "sts.amazonaws.com"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "storage" {
  name = "bucket"
  role = aws_iam_role.storage.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = aws_s3_bucket.data.arn
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = "${aws_s3_bucket.data.arn}/*"
      },
    ]
  })
}

# ElastiCache Redis
resource "aws_elasticache_subnet_group" "cache" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "cache" {
  name        = "${var.name}-cache"
  description = "Redis, for the nodes of the cluster."
  vpc_id      = var.vpc_id

  ingress {
    protocol        = "tcp"
    from_port       = 6379
    to_port         = 6379
    security_groups = [var.client_security_group]
  }
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id       = var.name
  description                = "Cache of the ML platform."
  engine                     = "redis"
  engine_version             = "7.1"
  node_type                  = "cache.t4g.small"
  num_cache_clusters         = var.cache_nodes
  automatic_failover_enabled = var.cache_nodes > 1
  multi_az_enabled           = var.cache_nodes > 1
  at_rest_encryption_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.cache.name
  security_group_ids         = [aws_security_group.cache.id]
}

# The name that layer 2 knows.
resource "aws_route53_record" "cache" {
  zone_id = var.private_zone_id
  name    = "cache"
  type    = "CNAME"
  ttl     = 60
  records = [aws_elasticache_replication_group.cache.primary_endpoint_address]
}

# ECR: images are scanned when they come, and a tag is never moved.
resource "aws_ecr_repository" "this" {
  for_each = toset(["ml-platform/python", "ml-platform/frontend"])

  name                 = each.value
  image_tag_mutability = "IMMUTABLE"
  force_delete         = var.force_destroy

  image_scanning_configuration {
    scan_on_push = true
  }
}
