# What Pub/Sub itself can tell. What only the pipeline knows is in the alert rules for Prometheus.
locals {
  subscription = "resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = \"${google_pubsub_subscription.pages_viewed.name}\""

  alerts = {
    backlog = {
      title     = "page views are read too late"
      filter    = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND ${local.subscription}"
      aligner   = "ALIGN_MAX"
      above     = 300
      duration  = "300s"
      what_next = "The oldest message has waited for five minutes. Is the pipeline running? Does Kafka take its commits (commit_failed in its log)?"
    }
    given_up = {
      title     = "page views were given up"
      filter    = "metric.type = \"pubsub.googleapis.com/subscription/dead_letter_message_count\" AND ${local.subscription}"
      aligner   = "ALIGN_DELTA"
      above     = 0
      duration  = "0s"
      what_next = "Pub/Sub has moved messages to the topic of those given up, after ${var.max_delivery_attempts} failed deliveries. Look for a pipeline that is killed again and again."
    }
  }
}

resource "google_monitoring_alert_policy" "subscription" {
  for_each              = local.alerts
  display_name          = "${var.name}: ${each.value.title}"
  combiner              = "OR"
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.duration

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = each.value.aligner
      }
    }
  }

  documentation {
    content = each.value.what_next
  }
}

# Continuous queries end after 150 days at the latest, and a day without page views is not a quiet day.
resource "google_monitoring_alert_policy" "silence" {
  display_name          = "${var.name}: nobody publishes page views"
  combiner              = "OR"
  notification_channels = var.notification_channels

  conditions {
    display_name = "nothing was published for an hour"

    condition_absent {
      filter   = "metric.type = \"pubsub.googleapis.com/topic/send_request_count\" AND resource.type = \"pubsub_topic\" AND resource.label.topic_id = \"${google_pubsub_topic.page_views.name}\""
      duration = "3600s"

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_RATE"
      }
    }
  }

  documentation {
    content = "Has the continuous query ended? See docs/runbook.md, silence."
  }
}
