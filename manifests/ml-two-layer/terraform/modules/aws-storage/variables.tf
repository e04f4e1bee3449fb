variable "name" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "client_security_group" {
  description = "Who may connect to the cache: the nodes of the cluster."
  type        = string
}

variable "private_zone_id" {
  description = "Zone that gets the record \"cache\"."
  type        = string
}

variable "oidc_provider_arn" {
  type = string
}

variable "oidc_issuer" {
  description = "Issuer of the ServiceAccounts' tokens, without https://."
  type        = string
}

variable "cache_nodes" {
  type = number
}

variable "force_destroy" {
  description = "Whether a bucket or repository that is not empty may be destroyed."
  type        = bool
}
