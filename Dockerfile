# One image for the four services, the migrations and the sandbox; what runs is the command. Node 24 is the current LTS.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM packages AS build
COPY .swcrc tsconfig.json ./
COPY tools tools
COPY libs libs
COPY apps apps
COPY sandbox sandbox
COPY web web
RUN npm run build

FROM node:24-bookworm-slim AS production-packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev

FROM node:24-bookworm-slim AS service
ENV NODE_ENV=production
WORKDIR /app
COPY --from=production-packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json ./
COPY deploy/docker/healthcheck.mjs deploy/docker/healthcheck.mjs
# Named volumes take their owner from the image, so that a process without root may write there.
RUN mkdir -p /data /out /config && chown node:node /data /out /config
USER node
# Asks the process's own readiness: database reachable and durable, lanes open.
HEALTHCHECK --interval=10s --timeout=4s --start-period=60s --retries=3 CMD ["node", "deploy/docker/healthcheck.mjs"]
# SIGTERM drains; node is process 1 and must not be wrapped by a shell that swallows it.
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "dist/apps/gateway/src/main.js"]
