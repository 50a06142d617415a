# Pages Viewed in a container. Configuration comes as flags after the image's name or as PAGES_VIEWED_* variables:
#   docker build -t pages-viewed .
#   docker run --rm pages-viewed --help
# It needs no file of its own: --read-only, --cap-drop ALL and --security-opt no-new-privileges are all right.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY operators operators
COPY marbles marbles
COPY src src
# The status page says what to do.
COPY docs/runbook.md docs/
RUN npm run build -- --incremental false --tsBuildInfoFile null && npm prune --omit=dev
# With --omit=dev, npm's bill of materials would lack what production and development share.
RUN npm pkg delete devDependencies && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

FROM node:24-slim
ARG VERSION=unversioned
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Pages Viewed" \
      org.opencontainers.image.description="GA4 page views from Pub/Sub in, time on page to Kafka out" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# What a container listens on inside is nobody's before a port of it is published.
ENV NODE_ENV=production \
    PAGES_VIEWED_HOST=0.0.0.0
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.cdx.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
# Of a run from Pub/Sub, the state of which may take its time to be restored. Whoever runs a command that serves nothing switches it off.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PAGES_VIEWED_PORT ?? 8080}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without a shell in between, so that SIGTERM reaches the program and it can finish its work. Node takes half of the
# container's memory limit for its heap; the rest is for what is outside of it.
ENTRYPOINT ["node", "dist/src/main.js"]
