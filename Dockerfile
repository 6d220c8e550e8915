# One image for every process; which one it is, the command says.

FROM node:24-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=optional --no-audit --no-fund --ignore-scripts

FROM python:3.13-slim-bookworm AS packages
COPY requirements/ocr.txt /tmp/ocr.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/ocr.txt

FROM python:3.13-slim-bookworm
# Pango and its parts draw the letters; the fonts are those the letters name. Tesseract reads scans.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-liberation fonts-dejavu-core fonts-droid-fallback tesseract-ocr \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin imr \
    && install -d -o imr -g imr -m 0700 /var/lib/imr /var/lib/imr/documents
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=imr.settings.production
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=assets /app/node_modules/@uswds/uswds/dist node_modules/@uswds/uswds/dist
COPY manage.py ./
COPY bin/healthcheck.py bin/healthcheck.py
COPY imr imr
COPY guidelines guidelines
COPY cases cases
COPY reviews reviews
COPY templates templates
COPY static static
# Collecting files needs settings that load, not settings that work: none of these values stays in the image.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-abcdefghijkl \
    DATABASE_URL=postgresql://build@localhost/build REDIS_URL=redis://localhost/0 \
    ALLOWED_HOSTS=build.example.org IMR_BASE_URL=https://build.example.org \
    IMR_DOCUMENT_ROOT=/var/lib/imr/documents IMR_SIGN_LETTERS=0 \
    MAIL_URL=smtp://localhost MAIL_FROM=build@example.org \
    python manage.py collectstatic --no-input --verbosity 0
USER imr
EXPOSE 8000
CMD ["gunicorn", "imr.wsgi", "--worker-class", "sync", "--timeout", "60", "--graceful-timeout", "30", \
     "--max-requests", "5000", "--max-requests-jitter", "500", "--no-control-socket", "--preload", \
     "--worker-tmp-dir", "/dev/shm", "--bind", "0.0.0.0:8000"]
