FROM node:24.22.3-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY build.mjs build-console.mjs tsconfig.json ./
COPY src ./src
COPY console ./console
COPY examples ./examples
RUN npm run build && npm prune --omit=dev --no-audit --no-fund


FROM node:24.22.3-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

# A volume takes the owner of the folder: set it first.
RUN ln -s /app/dist/infrastructure/main.js /usr/local/bin/platter \
  && install --directory --owner=node --group=node --mode=0750 /var/lib/platter

ENV NODE_ENV=production \
  NODE_OPTIONS=--enable-source-maps \
  PLATTER_HOST=0.0.0.0 \
  PLATTER_DATA_DIR=/var/lib/platter
VOLUME /var/lib/platter
EXPOSE 8090
USER node

# Liveness, not readiness: a restart does not help while the database is unreachable.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PLATTER_PORT ?? 8090}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Starts the drain, in which running transfers may end. Container engines allow 10 seconds by
# default: raise that to PLATTER_SHUTDOWN_GRACE.
STOPSIGNAL SIGTERM
ENTRYPOINT ["platter"]
CMD ["serve"]
