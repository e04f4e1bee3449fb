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
  description = "Who may connect: the nodes of the cluster."
  type        = string
}

variable "private_zone_id" {
  description = "Zone that gets the record \"database\"."
  type        = string
}

variable "instance_class" {
  type = string
}

variable "multi_az" {
  type = bool
}

variable "backup_days" {
  description = "How many days automatic backups are kept."
  type        = number
}

variable "deletion_protection" {
  type = bool
}
