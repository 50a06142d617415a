# Pages Viewed in a container. Configuration comes as flags after the image's name or as PAGES_VIEWED_* variables:
#   docker build -t pages-viewed .
#   docker run --rm pages-viewed --help

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY operators operators
COPY src src
RUN npm run build -- --incremental false --tsBuildInfoFile null && npm prune --omit=dev

FROM node:24-slim
LABEL org.opencontainers.image.title="Pages Viewed" \
      org.opencontainers.image.description="GA4 page views from Pub/Sub in, time on page to Kafka out"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
# Without a shell in between, so that SIGTERM reaches the program and it can finish its work.
ENTRYPOINT ["node", "dist/src/main.js"]
