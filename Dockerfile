# syntax=docker/dockerfile:1
# LOTUS as an image, and the ChromaDB that goes with it; docs/containers.md says how both are run.

# the Node of scripts/runtime.lock, on Debian 13: its glibc is new enough for the server of the chromadb package.
FROM node:24.21.0-trixie-slim AS packages
WORKDIR /opt/lotus
COPY package.json package-lock.json .npmrc ./
# what is built with npm stays in this stage: its cache goes into no image.
RUN npm ci --ignore-scripts --omit=dev

# what both images share: an ordinary user and the locked packages, which that user can't change.
FROM node:24.21.0-trixie-slim AS system
RUN groupadd --system --gid 10001 lotus \
 && useradd --system --uid 10001 --gid lotus --home-dir /var/lib/lotus --shell /usr/sbin/nologin lotus \
 && install --directory --owner=lotus --group=lotus --mode=0700 \
    /opt/lotus/.runtime /var/lib/lotus /var/lib/lotus/workspace /var/lib/chroma
WORKDIR /opt/lotus
COPY --from=packages /opt/lotus/node_modules node_modules
USER lotus

# the server of the chromadb package, so that client and server are of one version.
FROM system AS chroma
WORKDIR /var/lib/chroma
EXPOSE 8000
# it blocks SIGTERM.
STOPSIGNAL SIGINT
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:8000/api/v2/heartbeat', { signal: AbortSignal.timeout(5000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/lotus/node_modules/chromadb/dist/cli.mjs"]
CMD ["run", "--path", "/var/lib/chroma", "--host", "0.0.0.0", "--port", "8000"]

# the last stage is what is built where no target is named.
FROM system AS lotus
COPY LICENSE README.md package.json package-lock.json nucleus.ts start_lotus.sh ./
COPY config config
COPY nucleus nucleus
COPY modules modules
COPY scripts scripts
# reachable from outside of the container only; LOTUS does not start like that without a strong LOTUS_HTTP_TOKEN.
ENV LOTUS_HOME=/var/lib/lotus \
    LOTUS_HTTP_HOST=0.0.0.0 \
    PATH=/opt/lotus/scripts:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /var/lib/lotus/workspace
VOLUME /var/lib/lotus
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD /opt/lotus/scripts/lotus health >/dev/null || exit 1
ENTRYPOINT ["/opt/lotus/scripts/lotus"]
CMD ["foreground"]
