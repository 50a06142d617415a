data "google_project" "this" {}

locals {
  # Pub/Sub itself moves messages from the subscription to the dead-letter topic.
  pubsub_agent = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
}

# What does not fit the schema is refused when it is published. The file is generated from the codec of the pipeline.
resource "google_pubsub_schema" "page_view" {
  name       = "${var.name}-page-view"
  type       = "AVRO"
  definition = file("${path.module}/page-view.avsc")
}

resource "google_pubsub_topic" "page_views" {
  name                       = "${var.name}-page-views"
  message_retention_duration = "604800s"

  schema_settings {
    schema   = google_pubsub_schema.page_view.id
    encoding = "JSON"
  }

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

resource "google_pubsub_topic" "given_up" {
  name = "${var.name}-given-up"

  message_storage_policy {
    allowed_persistence_regions = [var.region]
  }
}

resource "google_pubsub_subscription" "pages_viewed" {
  name                         = var.name
  topic                        = google_pubsub_topic.page_views.id
  enable_exactly_once_delivery = true
  ack_deadline_seconds         = 30
  message_retention_duration   = "604800s"

  expiration_policy {
    ttl = "" # never
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "60s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.given_up.id
    max_delivery_attempts = var.max_delivery_attempts
  }
}

# A topic without a subscription keeps nothing.
resource "google_pubsub_subscription" "given_up" {
  name                       = "${var.name}-given-up"
  topic                      = google_pubsub_topic.given_up.id
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

resource "google_pubsub_topic_iam_member" "forwards" {
  topic  = google_pubsub_topic.given_up.id
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

resource "google_pubsub_subscription_iam_member" "forwards" {
  subscription = google_pubsub_subscription.pages_viewed.id
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}

resource "google_pubsub_topic_iam_member" "publishes" {
  for_each = var.publishers
  topic    = google_pubsub_topic.page_views.id
  role     = "roles/pubsub.publisher"
  member   = each.value
}
