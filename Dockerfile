FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
COPY examples ./examples
RUN npm run build && npm prune --omit=dev --no-audit --no-fund


FROM node:20.20.2-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist

# The folder must belong to the user before it becomes a volume, which takes its owner over.
RUN ln -s /app/dist/infrastructure/main.js /usr/local/bin/platter \
  && install --directory --owner=node --group=node --mode=0750 /var/lib/platter

ENV NODE_ENV=production \
  NODE_OPTIONS=--enable-source-maps \
  PLATTER_HOST=0.0.0.0 \
  PLATTER_DATA_DIR=/var/lib/platter
VOLUME /var/lib/platter
EXPOSE 8090
USER node

# Alive, not ready: a database that is away for a while is no reason to start anew.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PLATTER_PORT ?? 8090}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]

# Starts the drain, in which transfers under way may end. Container engines give it ten seconds unless they are told otherwise.
STOPSIGNAL SIGTERM
ENTRYPOINT ["platter"]
CMD ["serve"]
