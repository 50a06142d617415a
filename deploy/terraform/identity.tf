resource "google_service_account" "pipeline" {
  account_id   = var.name
  display_name = "Pages Viewed"
}

# Reads this one subscription, and nothing else of the project.
resource "google_pubsub_subscription_iam_member" "reads" {
  subscription = google_pubsub_subscription.pages_viewed.id
  role         = "roles/pubsub.subscriber"
  member       = google_service_account.pipeline.member
}

# The pipeline looks at its retry policy, to know how long to wait for redeliveries after a crash.
resource "google_project_iam_custom_role" "looks" {
  role_id     = "${replace(var.name, "-", "_")}_looks_at_subscription"
  title       = "Looks at the settings of a subscription"
  permissions = ["pubsub.subscriptions.get"]
}

resource "google_pubsub_subscription_iam_member" "looks" {
  subscription = google_pubsub_subscription.pages_viewed.id
  role         = google_project_iam_custom_role.looks.id
  member       = google_service_account.pipeline.member
}

resource "google_service_account_iam_member" "is_pod" {
  count              = var.runtime == "gke" ? 1 : 0
  service_account_id = google_service_account.pipeline.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${var.kubernetes_service_account}]"
}

resource "google_secret_manager_secret_iam_member" "reads_password" {
  count     = var.runtime == "cloud_run" ? 1 : 0
  secret_id = var.kafka_password_secret
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.pipeline.member
}
