#!/usr/bin/env bash
# Prints the directory that holds Kafka's jars; the first call downloads them with Maven (about 45 MB).
# They are kept in ${XDG_CACHE_HOME:-~/.cache}/pages-viewed. KAFKA_VERSION takes another release than that of pom.xml.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
version=${KAFKA_VERSION:-$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$here/pom.xml")}
jars="${XDG_CACHE_HOME:-$HOME/.cache}/pages-viewed/kafka-$version"

if [[ ! -d $jars ]]; then
  command -v mvn >/dev/null || { echo "Kafka's jars are downloaded by Maven, and mvn is not on the PATH" >&2; exit 1; }
  mkdir -p "$(dirname "$jars")"
  # Into a directory of its own first, so that an interrupted or a second download leaves no half set behind.
  partial=$(mktemp -d "$jars.XXXXXX")
  trap 'rm -rf "$partial"' EXIT
  echo "downloading Apache Kafka $version" >&2
  mvn --batch-mode --quiet --file "$here/pom.xml" dependency:copy-dependencies "-Dkafka.version=$version" "-DoutputDirectory=$partial/jars" >&2
  [[ -d $jars ]] || mv "$partial/jars" "$jars"
fi
echo "$jars"
