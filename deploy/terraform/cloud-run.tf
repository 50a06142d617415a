# A worker pool has no address and is not scaled by requests: one instance, always. A new revision starts while the old
# one stops: it takes the job over, and the old one ends with exit code 4, which is in order.
resource "google_cloud_run_v2_worker_pool" "pipeline" {
  count               = var.runtime == "cloud_run" ? 1 : 0
  name                = var.name
  location            = var.region
  deletion_protection = false

  scaling {
    scaling_mode          = "MANUAL"
    manual_instance_count = 1
  }

  template {
    service_account = google_service_account.pipeline.email

    dynamic "vpc_access" {
      for_each = var.network == null ? [] : [var.network]

      content {
        egress = "PRIVATE_RANGES_ONLY"

        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }

    containers {
      image = var.image
      args = [
        "--input_subscription", google_pubsub_subscription.pages_viewed.id,
        "--kafka_brokers", join(",", var.kafka_brokers),
        "--kafka_tls",
        "--kafka_sasl_mechanism", "scram-sha-512",
        "--kafka_username", var.kafka_username,
        "--output_topic", var.output_topic,
        "--dead_letter_topic", "${var.output_topic}.dead-letter",
        "--job", var.name,
      ]

      env {
        name = "PAGES_VIEWED_KAFKA_PASSWORD"

        value_source {
          secret_key_ref {
            secret  = var.kafka_password_secret
            version = "latest"
          }
        }
      }

      resources {
        limits = {
          cpu    = "1"
          memory = "1Gi"
        }
      }
    }
  }

  lifecycle {
    precondition {
      condition     = var.image != "" && length(var.kafka_brokers) > 0
      error_message = "For cloud_run, image and kafka_brokers must be given."
    }
  }

  depends_on = [google_pubsub_subscription_iam_member.reads, google_secret_manager_secret_iam_member.reads_password]
}
