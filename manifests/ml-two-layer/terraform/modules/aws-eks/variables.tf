variable "name" {
  description = "Name of the cluster and prefix of what belongs to it."
  type        = string
}

variable "region" {
  type = string
}

variable "cidr" {
  description = "Addresses of the network; the NetworkPolicy of layer 2 lets the load balancer in by them."
  type        = string
  default     = "10.0.0.0/16"
}

variable "kubernetes_version" {
  type = string
}

variable "node_type" {
  type = string
}

variable "nodes_min" {
  type = number
}

variable "nodes_max" {
  type = number
}

variable "host" {
  description = "Host of the platform, for its certificate."
  type        = string
}

variable "hosted_zone" {
  description = "Public zone in Route 53 in which the host lies."
  type        = string
}
