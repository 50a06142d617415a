#!/usr/bin/env bash
# Creates topics that fit the pipeline's records; those that exist are left as they are.
#
#   create-topics.sh --brokers 127.0.0.1:9092 --topics results:3,results.dead-letter:1
#
# The limit of 11 MB a record lets the largest Pub/Sub message (10 MB) through as a dead letter.
# With --replication N (default 1) each partition has N copies. With --command_config FILE the
# properties in it say how to reach the brokers (TLS, SASL).
set -euo pipefail

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

brokers='' topics='' replication=1 config=()
while (($#)); do
  case $1 in
    --brokers) brokers=${2:?} ;;
    --topics) topics=${2:?} ;;
    --replication) replication=${2:?} ;;
    --command_config) config=(--command-config "${2:?}") ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift 2
done
[[ $brokers && $topics ]] || { usage >&2; exit 2; }

for topic in ${topics//,/ }; do
  [[ $topic == *:* ]] || { echo "how many partitions? $topic is to be $topic:N" >&2; exit 2; }
done
for topic in ${topics//,/ }; do
  "$(dirname "${BASH_SOURCE[0]}")/topics.sh" --bootstrap-server "$brokers" "${config[@]}" --create --if-not-exists \
    --topic "${topic%:*}" --partitions "${topic##*:}" --replication-factor "$replication" \
    --config max.message.bytes=11534336 >&2
done
