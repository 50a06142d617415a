variable "project" {
  description = "Google Cloud project of topic, subscription and container."
  type        = string
}

variable "region" {
  description = "Region of the container; messages are kept there, too, so that exactly-once delivery holds."
  type        = string
  default     = "europe-west2"
}

variable "name" {
  description = "What everything is called after; the job of the pipeline, too."
  type        = string
  default     = "pages-viewed"
}

variable "runtime" {
  description = "What runs the container: cloud_run (a worker pool of one instance) or gke (deploy/kubernetes does; here only its identity is made)."
  type        = string
  default     = "cloud_run"

  validation {
    condition     = contains(["cloud_run", "gke"], var.runtime)
    error_message = "The runtime must be cloud_run or gke."
  }
}

variable "image" {
  description = "Image of the pipeline with its tag or digest; for cloud_run."
  type        = string
  default     = ""

  validation {
    condition     = var.image == "" || can(regex("[:@]", var.image))
    error_message = "The image must have a tag or a digest."
  }
}

variable "kafka_brokers" {
  description = "host:port of some Kafka brokers; for cloud_run."
  type        = list(string)
  default     = []
}

variable "kafka_username" {
  description = "Who the pipeline is for Kafka (SCRAM-SHA-512 over TLS); for cloud_run."
  type        = string
  default     = "pages-viewed"
}

variable "kafka_password_secret" {
  description = "Id of the Secret Manager secret that holds the password, latest version; for cloud_run."
  type        = string
  default     = "pages-viewed-kafka-password"
}

variable "network" {
  description = "VPC network and subnetwork through which Kafka is reached; for cloud_run."
  type        = object({ network = string, subnetwork = string })
  default     = null
}

variable "output_topic" {
  description = "Kafka topic of the results; <output_topic>.dead-letter takes what was refused."
  type        = string
  default     = "pages-viewed"
}

variable "kubernetes_service_account" {
  description = "namespace/name of the Kubernetes service account that may be this pipeline; for gke."
  type        = string
  default     = "pages-viewed/pages-viewed"
}

variable "publishers" {
  description = "Members that may publish, such as the service account of the continuous query."
  type        = set(string)
  default     = []
}

variable "max_delivery_attempts" {
  description = "Failed deliveries after which Pub/Sub gives a message up. Outages and hard restarts count, so 20 or more."
  type        = number
  default     = 20

  validation {
    condition     = var.max_delivery_attempts >= 20 && var.max_delivery_attempts <= 100
    error_message = "The attempts must be from 20 to 100: hard restarts and outages count as failed deliveries."
  }
}

variable "notification_channels" {
  description = "Ids of the Monitoring channels that alerts go to."
  type        = list(string)
  default     = []
}
