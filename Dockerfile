FROM node:22-slim AS explorer
WORKDIR /srv/filmspace/frontend
COPY frontend ./
RUN npm ci --ignore-scripts --no-audit --no-fund && npm run build

FROM python:3.13-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /srv/filmspace
RUN python -m venv /opt/venv
# The locked packages change rarely, so they come before the code. This lock adds the PostgreSQL driver.
COPY requirements-postgres.lock ./
RUN /opt/venv/bin/pip install --quiet --require-hashes -r requirements-postgres.lock
# Editable, because app finds its migrations beside it; both stages use the same folder.
COPY pyproject.toml README.md LICENSE ./
COPY app app
RUN /opt/venv/bin/pip install --quiet --no-deps --no-build-isolation --editable .

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FILMSPACE_DATABASE_URL=sqlite:////data/filmspace.db \
    FILMSPACE_SEEDS=/srv/filmspace/seeds \
    FILMSPACE_LOG_FORMAT=json \
    FILMSPACE_LOG_REQUESTS=true
WORKDIR /srv/filmspace
COPY --from=builder /opt/venv /opt/venv
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY --from=explorer /srv/filmspace/app/explorer app/explorer
COPY migrations migrations
COPY seeds seeds
# /data is the only place that is written to, so the program is compiled here and not anew by each start. SQLite keeps
# two more files beside its database, hence a folder and not a file.
RUN python -m compileall -q app migrations && mkdir /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
EXPOSE 8000
# The opener ignores proxy settings, which Docker may hand to every container. The first start loads all seeds.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "from urllib.request import ProxyHandler, build_opener; build_opener(ProxyHandler({})).open('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["filmspace"]
CMD ["serve", "--host", "0.0.0.0"]
