output "host" {
  value = aws_route53_record.this.fqdn
}

output "secret_arn" {
  value = aws_db_instance.this.master_user_secret[0].secret_arn
}
