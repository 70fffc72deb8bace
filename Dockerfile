# The OpenEnv server. This image is not built by the project's checks: `docker compose up --build` builds it.
FROM python:3.12-slim
RUN useradd --create-home opensec
WORKDIR /home/opensec/app
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY seeds ./seeds
COPY tasks ./tasks
COPY solvers ./solvers
COPY scorers ./scorers
COPY tools ./tools
COPY policies ./policies
COPY scanners ./scanners
RUN pip install --no-cache-dir '.[openenv]'
USER opensec
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)"]
CMD ["opensec", "serve", "--host", "0.0.0.0", "--port", "8000"]
