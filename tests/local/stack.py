"""The real template, built and deployed to a local AWS with the SAM CLI."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.local import ministack
from tests.local.ministack import REGION, ROOT, LocalAws, LocalAwsError

STACK = "tactful"
_CONFIGURATION = ("--config-file", str(ROOT / "samconfig.toml"), "--config-env", "local", "--region", REGION)
SANDBOX_PARAMETERS: Mapping[str, str] = {
    "FromAddress": "billing@acme.example",
    "BusinessName": "Acme Tools",
    "Timezone": "Europe/London",
    "Country": "GB",
    "ScheduleState": "DISABLED",
    "Sandbox": "true",
}


@dataclass(frozen=True, slots=True)
class Outputs:
    """The stack's outputs, by their names in the template."""

    upload_bucket_name: str
    report_bucket_name: str
    table_name: str
    webhook_url: str
    import_queue_url: str
    send_queue_url: str
    delivery_queue_url: str
    mail_queue_url: str
    document_queue_url: str
    document_bucket_name: str
    mail_bucket_name: str
    delivery_topic_arn: str
    configuration_set_name: str
    alarm_topic_arn: str
    twilio_secret_id: str
    payments_secret_id: str
    stripe_secret_id: str
    link_secret_id: str
    import_invoices_function_name: str
    plan_reminders_function_name: str
    sweep_outcomes_function_name: str
    send_reminders_function_name: str
    receive_webhooks_function_name: str
    receive_email_function_name: str
    send_digest_function_name: str
    make_documents_function_name: str
    track_delivery_function_name: str
    import_dead_letters_url: str
    plan_dead_letters_url: str
    sweep_dead_letters_url: str
    send_dead_letters_url: str
    delivery_dead_letters_url: str
    mail_dead_letters_url: str
    digest_dead_letters_url: str
    document_dead_letters_url: str


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack on a local AWS."""

    aws: LocalAws
    outputs: Outputs

    def verify_sender(self, address: str) -> None:
        """Make SES accept e-mail from an address or a domain."""
        self.aws.client("sesv2").create_email_identity(EmailIdentity=address)

    def set_twilio_secret(self, *, account_sid: str, auth_token: str) -> None:
        """Put Twilio's credentials where the stack looks for them, as an operator does."""
        self.aws.client("secretsmanager").put_secret_value(
            SecretId=self.outputs.twilio_secret_id,
            SecretString=json.dumps({"account_sid": account_sid, "auth_token": auth_token}),
        )

    def upload(self, key: str, content: bytes) -> None:
        """Drop a file into the upload bucket; keys begin with invoices/, snapshots/ or customers/."""
        self.aws.client("s3").put_object(Bucket=self.outputs.upload_bucket_name, Key=key, Body=content)

    def tick(self, scheduled_time: datetime | None = None) -> dict[str, Any]:
        """Plan as the schedule does, for an instant or the present. Raises LocalAwsError if it fails."""
        event = {"scheduled_time": scheduled_time.isoformat() if scheduled_time else ""}
        answer = self.aws.client("lambda").invoke(
            FunctionName=self.outputs.plan_reminders_function_name, Payload=json.dumps(event).encode()
        )
        result: dict[str, Any] = json.load(answer["Payload"])
        if answer.get("FunctionError"):
            raise LocalAwsError(f"planning failed: {result}")
        return result

    def report_delivery(self, event: Mapping[str, Any]) -> None:
        """Publish an event in the format of SES event publishing, which MiniStack's SES never does itself."""
        self.aws.client("sns").publish(TopicArn=self.outputs.delivery_topic_arn, Message=json.dumps(event))

    def dead_letters(self) -> dict[str, int]:
        """How many messages lie in each dead-letter queue, by the name of its output."""
        sqs = self.aws.client("sqs")
        name = "ApproximateNumberOfMessages"
        urls = {key: url for key, url in asdict(self.outputs).items() if key.endswith("_dead_letters_url")}
        return {
            key.removesuffix("_url"): int(
                sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name]
            )
            for key, url in urls.items()
        }


@contextmanager
def running(folder: Path, parameters: Mapping[str, str] | None = None) -> Iterator[Stack]:
    """A local AWS with the stack on it, for as long as the block lasts. Logs stay in the folder.

    Each user needs a folder of its own, such as ROOT / "build/e2e". About ten seconds to enter.
    """
    aws = ministack.start(folder)
    try:
        build(aws)
        yield deploy(aws, parameters)
    finally:
        ministack.stop(aws)


def build(aws: LocalAws) -> Path:
    """`sam build` for the interpreter MiniStack runs functions with. Returns the folder it built into."""
    built = aws.folder / "aws-sam"
    for cache in (ROOT / "functions").rglob("__pycache__"):
        shutil.rmtree(cache, ignore_errors=True)
    _sam(aws, "build", "--template", str(ROOT / "template.yaml"), "--build-dir", str(built))
    return built


def deploy(aws: LocalAws, parameters: Mapping[str, str] | None = None) -> Stack:
    """`sam deploy` what was built, or update what was deployed.

    The parameters extend SANDBOX_PARAMETERS; EndpointUrl is always this AWS. The schedule is off unless asked
    for: call `Stack.tick`. Raises LocalAwsError when SAM refuses.
    """
    values = {**SANDBOX_PARAMETERS, **(parameters or {}), "EndpointUrl": aws.endpoint}
    _sam(
        aws,
        "deploy",
        *("--template", str(aws.folder / "aws-sam/template.yaml"), "--stack-name", STACK),
        "--parameter-overrides",
        *(f"ParameterKey={name},ParameterValue={_quoted(value)}" for name, value in values.items()),
    )
    return Stack(aws, outputs(aws))


def outputs(aws: LocalAws) -> Outputs:
    """What the deployed stack says of itself. Raises LocalAwsError when its outputs are not ours."""
    described = aws.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]["Outputs"]
    found = {output_field(output["OutputKey"]): output["OutputValue"] for output in described}
    if missing := {field.name for field in fields(Outputs)} ^ found.keys():
        raise LocalAwsError(f"Outputs and the template's outputs differ in {sorted(missing)}")
    return Outputs(**found)


def _sam(aws: LocalAws, command: str, *arguments: str) -> None:
    log = aws.folder / f"sam-{command}.log"
    environment = aws.environment() | {
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
        "TACTFUL_LAYER_TARGET": "local",
    }
    with log.open("wb") as output:
        done = subprocess.run(
            [ROOT / ".tools/sam/bin/sam", command, *_CONFIGURATION, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
        raise LocalAwsError(f"sam {command} failed, see {log}:\n{tail}")


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def output_field(name: str) -> str:
    """The field of Outputs for an output of the template."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
