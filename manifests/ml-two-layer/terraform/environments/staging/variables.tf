variable "region" {
  description = "Region of everything; layer 2 names it in S3_ENDPOINT."
  type        = string
  default     = "eu-central-1"
}

variable "host" {
  description = "Host of the platform; the same as in the Ingress of layer 2."
  type        = string
  default     = "ml-platform.staging.example.com"
}

variable "hosted_zone" {
  description = "Public zone in Route 53 in which the host lies."
  type        = string
  default     = "example.com"
}
