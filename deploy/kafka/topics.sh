#!/usr/bin/env bash
# Kafka's own command for topics, with whatever arguments it takes: the one on the PATH or in a container of Kafka's
# (/opt/kafka/bin), or else that of the jars which Maven downloads.
set -euo pipefail

PATH=$PATH:/opt/kafka/bin
if command -v kafka-topics.sh >/dev/null; then exec kafka-topics.sh "$@"; fi
jars=$("$(dirname "${BASH_SOURCE[0]}")/kafka-jars.sh")
exec java -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$jars/*" org.apache.kafka.tools.TopicCommand "$@"
