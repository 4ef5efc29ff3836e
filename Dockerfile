# One image: the web service and the migrations differ only in their command, `serve` or `migrate`.
# The PostgreSQL for trying out is left out: give it yours as MILEPOST_DATABASE_URL.

FROM python:3.11.14-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/milepost
COPY requirements-prod.lock ./
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install --require-hashes -r requirements-prod.lock \
    && rm requirements-prod.lock
# Compiled here once, since the service may not write beside its code. The sources never change after this.
COPY LICENSE ./
COPY packs ./packs
COPY migrations ./migrations
COPY app ./app
RUN python -m compileall -q --invalidation-mode unchecked-hash app migrations \
    && printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /opt/venv/bin/milepost \
    && chmod 755 /opt/venv/bin/milepost

FROM python:3.11.14-slim-bookworm
LABEL org.opencontainers.image.title="Milepost" org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 milepost \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin milepost
COPY --from=packages /opt/venv /opt/venv
COPY --from=packages /opt/milepost /opt/milepost
ENV PATH=/opt/venv/bin:$PATH PYTHONPATH=/opt/milepost PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MILEPOST_HOST=0.0.0.0
WORKDIR /opt/milepost
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ.get('MILEPOST_PORT', '8000') + '/readyz', timeout=3)"]
CMD ["milepost", "serve"]
