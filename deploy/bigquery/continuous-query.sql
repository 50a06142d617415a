-- Exports GA4 page views to Pub/Sub for as long as it runs: a BigQuery continuous query over the streaming export.
--
--   bq query --use_legacy_sql=false --continuous=true --location=EU \
--     --connection_property=service_account=ga4-export@my-project.iam.gserviceaccount.com < deploy/bigquery/continuous-query.sql
--
-- Project, dataset, table and topic are yours to fill in, and so is the time from which on rows are exported: where the
-- last run ended. The table is that of one day. How to go on after midnight, and after the 150 days that such a query
-- may run: docs/deployment.md. Bodies have all fields of deploy/terraform/page-view.avsc, the schema of the topic, and
-- no nulls, for Avro's JSON would have them in another form.
EXPORT DATA
  OPTIONS (
    format = 'CLOUD_PUBSUB',
    uri = 'https://pubsub.googleapis.com/projects/my-project/topics/pages-viewed-page-views'
  )
AS
SELECT
  TO_JSON_STRING(STRUCT(
    -- ga_session_id alone is unique for its visitor only.
    CONCAT(user_pseudo_id, '.', CAST((SELECT param.value.int_value FROM UNNEST(event_params) AS param WHERE param.key = 'ga_session_id') AS STRING)) AS session_id,
    (SELECT param.value.string_value FROM UNNEST(event_params) AS param WHERE param.key = 'page_title') AS page_title,
    FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', TIMESTAMP_MICROS(event_timestamp)) AS ga_event_dtm,
    event_name AS event_name,
    DIV(event_timestamp, 1000) AS event_timestamp_ms,
    -- What orders events of one microsecond.
    COALESCE(batch_page_id, 0) AS batch_page_id,
    COALESCE(batch_ordering_id, 0) AS batch_ordering_id,
    COALESCE(batch_event_index, 0) AS batch_event_index,
    CONCAT(SUBSTR(event_date, 1, 4), '-', SUBSTR(event_date, 5, 2), '-', SUBSTR(event_date, 7, 2)) AS event_date,
    user_pseudo_id AS user_pseudo_id,
    COALESCE(user_id, '') AS user_id,
    COALESCE((SELECT property.value.string_value FROM UNNEST(user_properties) AS property WHERE property.key = 'subscriber_number'), '') AS subscriber_number,
    COALESCE((SELECT property.value.string_value FROM UNNEST(user_properties) AS property WHERE property.key = 'subscriber_lifetime_id'), '') AS subscriber_lifetime_id,
    COALESCE((SELECT property.value.string_value FROM UNNEST(user_properties) AS property WHERE property.key = 'account_number'), '') AS account_number,
    COALESCE((SELECT property.value.string_value FROM UNNEST(user_properties) AS property WHERE property.key = 'digital_id'), '') AS digital_id,
    COALESCE((SELECT property.value.string_value FROM UNNEST(user_properties) AS property WHERE property.key = 'single_id'), '') AS single_id,
    STRUCT(COALESCE(device.category, '') AS category) AS device,
    STRUCT(COALESCE(traffic_source.source, '') AS source) AS traffic_source
  )) AS message,
  TO_JSON(STRUCT(
    FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E3SZ', TIMESTAMP_MICROS(event_timestamp)) AS timestamp,
    'ga4_streaming' AS source
  )) AS _ATTRIBUTES
FROM
  APPENDS(TABLE `my-project.analytics_123456789.events_intraday_20250130`, TIMESTAMP '2025-01-30 00:00:00+00')
WHERE
  event_name = 'page_view'
  -- Who has denied analytics storage has no id: such views belong to nobody's session.
  AND user_pseudo_id IS NOT NULL
  AND EXISTS (SELECT 1 FROM UNNEST(event_params) AS param WHERE param.key = 'ga_session_id' AND param.value.int_value IS NOT NULL)
  -- What the topic's schema refuses would stop the query.
  AND EXISTS (SELECT 1 FROM UNNEST(event_params) AS param WHERE param.key = 'page_title' AND TRIM(param.value.string_value) != '');
