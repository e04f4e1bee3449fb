variable "name" {
  description = "Name of the cluster; layer 2 expects its containers under NAME-postgres, NAME-redis, NAME-minio."
  type        = string
  default     = "ml-platform"
}

variable "database_username" {
  description = "User of the database; the same as in the Secret database-credentials of layer 2."
  type        = string
  default     = "mlplatform"
}

variable "database_password" {
  description = "Password of the database; the same as in the Secret database-credentials of layer 2."
  type        = string
  sensitive   = true
}

variable "storage_key" {
  description = "Access key of MinIO; the same as in the Secret storage-credentials of layer 2."
  type        = string
  default     = "mlplatform"
}

variable "storage_secret" {
  description = "Secret key of MinIO; the same as in the Secret storage-credentials of layer 2."
  type        = string
  sensitive   = true
}
