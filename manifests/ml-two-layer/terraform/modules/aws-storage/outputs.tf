output "bucket" {
  value = aws_s3_bucket.data.bucket
}

output "role_arn" {
  value = aws_iam_role.storage.arn
}

output "cache_host" {
  value = aws_route53_record.cache.fqdn
}

output "registry" {
  value = split("/", aws_ecr_repository.this["ml-platform/python"].repository_url)[0]
}
