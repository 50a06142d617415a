#!/usr/bin/env bash
# Deletes topics and all that is in them; those that do not exist are passed over. Stop the pipeline first.
#
#   delete-topics.sh --brokers 127.0.0.1:9092 --topics results,results.dead-letter,my-job-changelog --yes
#
# Without --yes it only tells what it would delete. With --command_config FILE the properties in it
# say how to reach the brokers (TLS, SASL).
set -euo pipefail

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

brokers='' topics='' confirmed='' config=()
while (($#)); do
  case $1 in
    --brokers) brokers=${2:?}; shift ;;
    --topics) topics=${2:?}; shift ;;
    --command_config) config=(--command-config "${2:?}"); shift ;;
    --yes) confirmed=yes ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
[[ $brokers && $topics ]] || { usage >&2; exit 2; }

if [[ ! $confirmed ]]; then
  echo "would delete on $brokers: $topics; to do it, say --yes" >&2
  exit 2
fi
for topic in ${topics//,/ }; do
  # The name is a regular expression to Kafka's command, and a dot in it any character.
  "$(dirname "${BASH_SOURCE[0]}")/topics.sh" --bootstrap-server "$brokers" "${config[@]}" --delete --if-exists --topic "${topic//./\\.}" >&2
done
