"""Records in S3-compatible object storage: `s3://bucket/prefix?endpoint=URL&region=NAME`.

Keys come from the environment or the files that boto3 reads (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import boto3
from botocore.config import Config

from costplan.messages.errors import InputError
from costplan.service.records import Record
from costplan.service.reserved import refuse_reserved

_DEFAULT_ENDPOINT = "https://storage.yandexcloud.net"
_DEFAULT_REGION = "ru-central1"


class S3Store:
    """JSON lines, one object per batch, because every object that is put costs money."""

    scheme: ClassVar[str] = "s3"
    interval_seconds: ClassVar[float] = 10.0
    batch_size: ClassVar[int] = 5000

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("s3://")
        options = parse_qs(parts.query)
        if not parts.hostname or "@" in parts.netloc or set(options) - {"endpoint", "region"}:
            raise InputError(
                "--record: an object storage address names a bucket and may name `endpoint` and `region`",
                hint="s3://bucket/prefix?endpoint=https://storage.yandexcloud.net",
            )
        self._bucket = parts.netloc
        self._prefix = parts.path.strip("/")
        self._endpoint = options.get("endpoint", [_DEFAULT_ENDPOINT])[0]
        self._region = options.get("region", [_DEFAULT_REGION])[0]
        _check_endpoint(self._endpoint)
        self._client: Any = None

    def open(self) -> None:
        """Make the client; nothing is sent before the first write."""
        limits = Config(
            connect_timeout=5,
            read_timeout=10,
            retries={"total_max_attempts": 1},  # whoever writes records tries again by itself
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",  # not every compatible store knows the newer sums
            response_checksum_validation="when_required",
        )
        self._client = boto3.client(
            "s3", endpoint_url=self._endpoint, region_name=self._region, config=limits
        )

    def write(self, records: Sequence[Record]) -> None:
        """Put one object; its key follows from the first record, so that a second attempt replaces it."""
        first = datetime.fromtimestamp(records[0].at_unix, UTC)
        name = f"{first:%Y-%m-%d}/{first:%H%M%S}-{records[0].id}.jsonl"
        lines = [json.dumps(_with_outputs(record)) for record in records]
        self._client.put_object(
            Bucket=self._bucket,
            Key=f"{self._prefix}/{name}" if self._prefix else name,
            Body=("\n".join(lines) + "\n").encode(),
            ContentType="application/x-ndjson",
        )

    def close(self) -> None:
        """Close the connections of the client."""
        client, self._client = self._client, None
        if client is not None:
            client.close()


def _check_endpoint(url: str) -> None:
    """Refuse an endpoint that is none, holds keys, or is the cloud's metadata address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https") or "@" in url or parts.query:
        raise InputError("--record: `endpoint` is not https://host", hint=f"for example {_DEFAULT_ENDPOINT}")
    refuse_reserved("--record: `endpoint`", host, port or 443)


def _with_outputs(record: Record) -> dict[str, Any]:
    fields = record.as_fields()
    return fields | {"outputs": json.loads(fields["outputs"])}
