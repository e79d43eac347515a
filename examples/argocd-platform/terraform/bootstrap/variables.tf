# How this cluster is reached: by its address with a token, or by a kubeconfig on the machine that runs Terraform.

variable "cluster_endpoint" {
  description = "Address of the API server, https://."
  type        = string
  default     = null
}

variable "cluster_ca_certificate" {
  description = "Certificate of the authority that signed the API server's, in PEM."
  type        = string
  default     = null
}

variable "cluster_token" {
  description = "Bearer token of an administrator; neither in the plan nor in the state."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "kubeconfig_path" {
  description = "Path of a kubeconfig, where no address is given."
  type        = string
  default     = null
}

variable "kubeconfig_context" {
  description = "Context of that kubeconfig; else the one that is called like the cluster."
  type        = string
  default     = null
}
