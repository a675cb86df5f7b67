"""What AWS charges, in US dollars, us-east-1, on-demand, as of 1 November 2026.

Sources: the pricing pages of Amazon DynamoDB, AWS Lambda (Arm), Amazon SQS (standard), Amazon SNS and CloudWatch.
"""

from __future__ import annotations

WRITE_UNIT = 0.625e-6
READ_UNIT = 0.125e-6
SQS_REQUEST = 0.40e-6
SNS_PUBLISH = 0.50e-6
LAMBDA_REQUEST = 0.20e-6
LAMBDA_GB_SECOND = 13.3334e-6
LOG_BYTE = 0.50 / 2**30
SES_MAIL = 0.10e-3
"""For comparison: it is not part of what is counted."""
