# One image for the Prefect server, the worker and runs by hand; compose.yaml shows all three.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY data/raw data/raw
COPY data/SOURCES.md data/SOURCES.md
RUN python -m venv /opt/enrich \
    && /opt/enrich/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim-bookworm
# git: for deployments that pull their flows from a repository.
RUN apt-get update \
    && apt-get install -y --no-install-recommends git=1:2.39.* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 enrich \
    && install -d -o enrich /project/data
COPY --from=build /opt/enrich /opt/enrich
WORKDIR /project
COPY flows flows
COPY prefect.yaml prefect.yaml
ENV PATH=/opt/enrich/bin:$PATH \
    DO_NOT_TRACK=1 \
    PREFECT_SERVER_ANALYTICS_ENABLED=false \
    PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME ["/project/data", "/home/enrich"]
ENTRYPOINT ["enrich"]
CMD ["--help"]
