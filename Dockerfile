# One image for every store. How to use it: docs/docker.md.
ARG NODE=node:24.21.0-bookworm-slim

FROM ${NODE} AS base
WORKDIR /app
COPY package.json package-lock.json ./

# Install scripts stay off: no package needs one to run, and the lock names each package by its hash.
FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY web web
RUN npm run build && chmod 755 dist/cli/main.js

# Left out are the Node that comes along for checkouts (docs/adr/0001), since the image has its own, and the compiler,
# which npm keeps for a part of @nestjs/swagger that is not used here.
FROM base AS production
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev && rm -rf node_modules/node-* node_modules/typescript node_modules/.bin

FROM ${NODE}
# In a container it must listen on the container's interface; who reaches that is said where the port is published.
ENV NODE_ENV=production FIVE_RING_DATA=/data FIVE_RING_HOST=0.0.0.0 SQLITE_TMPDIR=/data
RUN mkdir /data && chown node:node /data && ln -s /app/dist/cli/main.js /usr/local/bin/five-ring
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
VOLUME /data
EXPOSE 3000
# Filling the views anew may take minutes; it becomes healthy as soon as it serves.
HEALTHCHECK --interval=10s --timeout=5s --retries=3 --start-period=10m \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`, { signal: AbortSignal.timeout(4000) }).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Process 1 itself: it answers what it received and exits 0 within 10 s of SIGTERM.
CMD ["node", "dist/main.js"]
