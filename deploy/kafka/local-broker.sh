#!/usr/bin/env bash
# One Apache Kafka broker on the loopback interface, for trying things out. Needs Java 17 and, the
# first time, Maven and a network. It runs until Ctrl-C.
#
#   local-broker.sh [--port 9092] [--topics results:3,results.dead-letter:1] [--data DIR]
#
# --data DIR        keeps what was written there for the next start (default: forgotten at the end)
# --controller_port the second port it occupies (default: the first + 1)
# --set KEY=VALUE   one more line of the broker's configuration; may be repeated
# KAFKA_OPTS in the environment goes to the Java machine of the broker.
set -euo pipefail

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' "$0"; }

port=9092 controller_port='' topics='' data='' settings=()
while (($#)); do
  case $1 in
    --port) port=${2:?} ;;
    --controller_port) controller_port=${2:?} ;;
    --topics) topics=${2:?} ;;
    --data) data=${2:?} ;;
    --set) settings+=("${2:?}") ;;
    --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift 2
done
controller_port=${controller_port:-$((port + 1))}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jars=$("$here/kafka-jars.sh")

broker='' scratch=''
finish() {
  trap - EXIT
  if [[ $broker ]]; then
    kill "$broker" 2>/dev/null || true
    wait "$broker" || true
  fi
  if [[ $scratch ]]; then rm -rf "$scratch"; fi
}
trap finish EXIT
trap 'exit 0' INT TERM

if [[ ! $data ]]; then
  scratch=$(mktemp -d)
  data=$scratch
fi
mkdir -p "$data"

{
  cat <<PROPERTIES
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller_port
controller.listener.names=CONTROLLER
controller.quorum.voters=1@127.0.0.1:$controller_port
log.dirs=$data/log
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
auto.create.topics.enable=false
message.max.bytes=11534336
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
PROPERTIES
  printf '%s\n' "${settings[@]:-}"
} >"$data/server.properties"

logging=(-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info)
if [[ ! -e $data/log/meta.properties ]]; then
  java "${logging[@]}" -cp "$jars/*" kafka.tools.StorageTool format --ignore-formatted \
    --cluster-id pagesViewedLocalBroker --config "$data/server.properties" >"$data/format.log" 2>&1 ||
    { cat "$data/format.log" >&2; exit 1; }
fi

# Several options in one variable, hence without quotes.
# shellcheck disable=SC2086
java -Xmx512m -XX:+UseSerialGC "${logging[@]}" ${KAFKA_OPTS:-} -cp "$jars/*" kafka.Kafka "$data/server.properties" >"$data/broker.log" 2>&1 &
broker=$!
echo "$broker" >"$data/broker.pid"
until grep -q 'Kafka Server started' "$data/broker.log"; do
  kill -0 "$broker" 2>/dev/null || { echo 'the broker did not start:' >&2; tail -n 20 "$data/broker.log" >&2; exit 1; }
  sleep 0.1
done

if [[ $topics ]]; then "$here/create-topics.sh" --brokers "127.0.0.1:$port" --topics "$topics"; fi
echo "KAFKA_BROKERS=127.0.0.1:$port"
wait "$broker"
