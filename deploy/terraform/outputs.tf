output "topic" {
  description = "Where the continuous query exports to."
  value       = google_pubsub_topic.page_views.id
}

output "subscription" {
  description = "For --input_subscription."
  value       = google_pubsub_subscription.pages_viewed.id
}

output "service_account" {
  description = "Who the pipeline is for Google."
  value       = google_service_account.pipeline.email
}
