# docker build -t mlwa-lint . && docker run --rm -v "$PWD:/src:ro" mlwa-lint check
FROM python:3.12-slim AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY mlwa_lint mlwa_lint
COPY rules rules
COPY fixtures/rules fixtures/rules
RUN python -m venv /opt/mlwa-lint \
 && /opt/mlwa-lint/bin/pip install --no-cache-dir --disable-pip-version-check . \
 && /opt/mlwa-lint/bin/pip uninstall --yes pip

FROM python:3.12-slim
ARG VERSION=unknown
LABEL org.opencontainers.image.title="mlwa-lint" \
      org.opencontainers.image.description="Checks ML workloads on AWS against the Well-Architected Machine Learning Lens" \
      org.opencontainers.image.source="https://github.com/mlwa-lint/mlwa-lint" \
      org.opencontainers.image.documentation="https://mlwa-lint.readthedocs.io/" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
COPY --from=build /opt/mlwa-lint /opt/mlwa-lint
RUN useradd --no-create-home --uid 10001 lint
USER lint
WORKDIR /src
ENTRYPOINT ["/opt/mlwa-lint/bin/mlwa-lint"]
CMD ["check"]
