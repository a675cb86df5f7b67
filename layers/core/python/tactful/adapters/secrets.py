"""Secrets from AWS Secrets Manager, read when first needed and kept for five minutes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

_MAX_AGE_SECONDS = 300


class SecretError(Exception):
    """A secret cannot be read or lacks its form. The message names the secret, never its value."""


@dataclass(frozen=True, slots=True)
class TwilioCredentials:
    """Proves us to Twilio and Twilio to us. `previous_auth_token` is set while tokens are being changed."""

    account_sid: str
    auth_token: str = field(repr=False)
    previous_auth_token: str = field(default="", repr=False)

    @property
    def auth_tokens(self) -> tuple[str, ...]:
        """The tokens a webhook may be signed with, the present one first."""
        return tuple(token for token in (self.auth_token, self.previous_auth_token) if token)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Reads secrets by id (name or ARN)."""

    provider: SecretsProvider

    def keys(self, secret_id: str) -> tuple[bytes, ...]:
        """Signing keys, the present one first.

        The secret is the key itself or, while keys are changed, JSON: `{"current": ..., "previous": ...}`.
        Raises SecretError.
        """
        text = self._text(secret_id)
        fields = _fields(text)
        values = [fields.get("current"), fields.get("previous")] if fields else [text]
        keys = tuple(value.encode() for value in values if isinstance(value, str) and value)
        if not keys:
            raise SecretError(f'Secret {secret_id} holds no key: store a text, or JSON with "current"')
        return keys

    def twilio(self, secret_id: str) -> TwilioCredentials:
        """The secret `{"account_sid": ..., "auth_token": ..., "previous_auth_token": optional}`.

        Raises SecretError.
        """
        fields = _fields(self._text(secret_id))
        values = {
            name: value
            for name in ("account_sid", "auth_token", "previous_auth_token")
            if isinstance(value := fields.get(name), str) and value
        }
        if not {"account_sid", "auth_token"} <= values.keys():
            raise SecretError(f'Secret {secret_id} must be JSON with "account_sid" and "auth_token"')
        return TwilioCredentials(**values)

    def _text(self, secret_id: str) -> str:
        from aws_lambda_powertools.utilities.parameters import GetParameterError  # noqa: PLC0415

        try:
            value = self.provider.get(secret_id, max_age=_MAX_AGE_SECONDS)
        except GetParameterError as error:
            # The provider's message may be logged: it names the failed call, not what was read.
            raise SecretError(f"Secret {secret_id} cannot be read: {error}") from error
        return value.decode() if isinstance(value, bytes) else str(value)


def secrets_manager(client: object) -> Secrets:
    """Secrets that a boto3 `secretsmanager` client sees. Without one, the provider would start boto3 a second time."""
    from aws_lambda_powertools.utilities.parameters import SecretsProvider  # noqa: PLC0415

    return Secrets(SecretsProvider(boto3_client=client))


def _fields(text: str) -> dict[str, object]:
    """The members of a JSON object; none for any other text."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
