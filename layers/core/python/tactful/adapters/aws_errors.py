"""What the errors of AWS's stores mean to us, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from tactful.application.ports import ConflictError, StoreUnavailableError

_SERVER_FAULT = 500


class Meaning(StrEnum):
    """What to do about an error: decide again, try the event again later, or mend the program or its settings."""

    CONFLICT = "conflict"
    LATER = "later"
    FAULT = "fault"
    GONE = "gone"
    REASONS = "reasons"


# Every error that the operations used are modelled to give, and those common to all AWS actions that pass by
# themselves. TransactionCanceledException says why in its reasons.
DYNAMODB: Mapping[str, Meaning] = {
    "ConditionalCheckFailedException": Meaning.CONFLICT,
    "TransactionConflictException": Meaning.CONFLICT,
    "ReplicatedWriteConflictException": Meaning.CONFLICT,
    "TransactionCanceledException": Meaning.REASONS,
    # The same request is still being carried out: what became of it is seen when the event is tried again.
    "TransactionInProgressException": Meaning.LATER,
    "ProvisionedThroughputExceededException": Meaning.LATER,
    "RequestLimitExceeded": Meaning.LATER,
    "ThrottlingException": Meaning.LATER,
    "InternalServerError": Meaning.LATER,
    "IdempotentParameterMismatchException": Meaning.FAULT,
    "ItemCollectionSizeLimitExceededException": Meaning.FAULT,
    "ResourceNotFoundException": Meaning.FAULT,
}

# Why one action of a transaction stopped it.
CANCELLATIONS: Mapping[str, Meaning] = {
    "ConditionalCheckFailed": Meaning.CONFLICT,
    "TransactionConflict": Meaning.CONFLICT,
    "ProvisionedThroughputExceeded": Meaning.LATER,
    "ThrottlingError": Meaning.LATER,
    "ItemCollectionSizeLimitExceeded": Meaning.FAULT,
    "ValidationError": Meaning.FAULT,
}

SQS: Mapping[str, Meaning] = {
    "RequestThrottled": Meaning.LATER,
    "OverLimit": Meaning.LATER,
    "InvalidAttributeName": Meaning.FAULT,
    "KmsThrottled": Meaning.LATER,
    "KMS.ThrottlingException": Meaning.LATER,
    "TooManyEntriesInBatchRequest": Meaning.FAULT,
    "EmptyBatchRequest": Meaning.FAULT,
    "BatchEntryIdsNotDistinct": Meaning.FAULT,
    "BatchRequestTooLong": Meaning.FAULT,
    "InvalidBatchEntryId": Meaning.FAULT,
    "UnsupportedOperation": Meaning.FAULT,
    "QueueDoesNotExist": Meaning.FAULT,
    "InvalidSecurity": Meaning.FAULT,
    "InvalidAddress": Meaning.FAULT,
    "KmsDisabled": Meaning.FAULT,
    "KmsInvalidState": Meaning.FAULT,
    "KmsNotFound": Meaning.FAULT,
    "KmsOptInRequired": Meaning.FAULT,
    "KmsAccessDenied": Meaning.FAULT,
    "KmsInvalidKeyUsage": Meaning.FAULT,
}

S3: Mapping[str, Meaning] = {
    "NoSuchKey": Meaning.GONE,
    "NoSuchVersion": Meaning.GONE,
    # The version named is the mark of a deletion.
    "MethodNotAllowed": Meaning.GONE,
    "SlowDown": Meaning.LATER,
    "InternalError": Meaning.LATER,
    "InvalidObjectState": Meaning.FAULT,
    "InvalidRequest": Meaning.FAULT,
    "InvalidWriteOffset": Meaning.FAULT,
    "TooManyParts": Meaning.FAULT,
    "EncryptionTypeMismatch": Meaning.FAULT,
}


def meaning_of(error: ClientError, table: Mapping[str, Meaning]) -> Meaning:
    """What an error means. One that the table does not know passes by itself if the server was at fault."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    unknown = Meaning.LATER if status >= _SERVER_FAULT else Meaning.FAULT
    return table.get(error.response["Error"]["Code"], unknown)


@contextmanager
def classified(table: Mapping[str, Meaning]) -> Iterator[None]:
    """Turn what AWS raises inside into the ports' errors; a fault of ours stays as it is.

    Raises ConflictError, FileNotFoundError, StoreUnavailableError.
    """
    try:
        yield
    except ClientError as error:
        said = f"{error.operation_name}: {error.response['Error']['Code']}"
        match meaning_of(error, table):
            case Meaning.CONFLICT:
                raise ConflictError(said) from error
            case Meaning.LATER:
                raise StoreUnavailableError(said) from error
            case Meaning.GONE:
                raise FileNotFoundError(said) from error
            case _:
                raise
    except (HTTPClientError, NoConnectionError) as error:
        raise StoreUnavailableError(f"no answer: {type(error).__name__}") from error
