#!/usr/bin/env bash
# Makes a release: checks, builds, packs the library, writes the bill of materials and the checksums, and tags the commit.
#
#   deploy/release.sh 0.2.0 [--push]
#
# Before that CHANGELOG.md has a section of that version with its date, package.json and src/config/version.ts name it,
# and all of it is committed. What it makes lies in dist/release. Only --push leaves this machine: it pushes the tag.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p;}' deploy/release.sh; }
refuse() { echo "no release: $*" >&2; exit 1; }

version=${1-} push=${2-}
[[ $version == --help ]] && { usage; exit 0; }
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ && ( ! $push || $push == --push ) && $# -le 2 ]] || { usage >&2; exit 2; }
tag=v$version

[[ -z $(git status --porcelain) ]] || refuse 'there are changes that are not committed'
! git rev-parse --quiet --verify "refs/tags/$tag" >/dev/null || refuse "$tag is there already"
[[ $(node --print 'require("./package.json").version') == "$version" ]] || refuse "package.json does not say $version"
[[ $(node --print 'require("./package-lock.json").version') == "$version" ]] || refuse "package-lock.json does not say $version: npm install"
grep -qE "^## ${version//./\\.} \([0-9]{4}-[0-9]{2}-[0-9]{2}\)$" CHANGELOG.md || refuse "CHANGELOG.md has no section \"## $version (its date)\""

# Under one clock, that of the commit, so that the same commit makes the same files.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

npm ci
npm run --silent types
npm run --silent lint
npm run --silent arch
npm run --silent build

release=dist/release
rm -rf "$release"
mkdir -p "$release"
npm run --silent pack:library -- "$release" >/dev/null
git archive --format=tar.gz --prefix="pages-viewed-$version/" --output="$release/pages-viewed-$version.tar.gz" HEAD
# Of a tree without development packages: with --omit=dev npm would leave out what they share with production.
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
cp package.json package-lock.json .npmrc "$tree"
(cd "$tree" && npm ci --omit=dev --ignore-scripts --prefer-offline --no-audit --no-fund --silent >&2 && npm pkg delete devDependencies)
(cd "$tree" && npm sbom --sbom-format=cyclonedx) >"$release/pages-viewed-$version.cdx.json"
(cd "$tree" && npm sbom --sbom-format=spdx) >"$release/pages-viewed-$version.spdx.json"
(cd "$release" && sha256sum -- * >SHA256SUMS)

git tag --annotate "$tag" --message "Pages Viewed $version"
if [[ $push ]]; then git push origin "$tag"; else echo "tagged $tag here; to publish it: git push origin $tag" >&2; fi
echo "docker build --build-arg VERSION=$version --build-arg REVISION=$(git rev-parse HEAD) --tag pages-viewed:$version ." >&2
ls "$release"
