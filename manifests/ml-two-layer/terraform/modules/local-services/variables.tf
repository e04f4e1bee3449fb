variable "name" {
  description = "Prefix of the containers' names."
  type        = string
}

variable "network" {
  description = "Docker network of the cluster's nodes."
  type        = string
  default     = "kind"
}

variable "bucket" {
  description = "Bucket of the platform."
  type        = string
  default     = "ml-platform"
}

variable "database_username" {
  type = string
}

variable "database_password" {
  type      = string
  sensitive = true
}

variable "storage_key" {
  type = string
}

variable "storage_secret" {
  type      = string
  sensitive = true
}
