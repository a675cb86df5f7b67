"""What must hold for every resource of the template, whichever is added."""

from __future__ import annotations

import importlib
import itertools
import json
from dataclasses import fields
from typing import Any

import pytest

from tactful import settings
from tactful.adapters.s3 import LARGEST_FILE
from tactful.application.upload import Folder
from tests.local.stack import Outputs, output_field
from tests.template.template import (
    ROOT,
    functions,
    listed,
    queues_of,
    referred,
    resources,
    statements,
    template,
    uses,
)

FUNCTIONS = functions()
ROLES = resources("AWS::IAM::Role")
QUEUES = resources("AWS::SQS::Queue")
OBSERVABILITY = {"LOG_LEVEL", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_SERVICE_NAME"}

each_function = pytest.mark.parametrize("name", sorted(FUNCTIONS))


def _dead_letters_of(function: dict[str, Any]) -> set[str]:
    fed = {
        referred(QUEUES[queue]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"])
        for queue in queues_of(function)
    }
    if "DeadLetterQueue" in function:
        fed.add(referred(function["DeadLetterQueue"]["TargetArn"]))
    for event in function.get("Events", {}).values():
        if event["Type"] == "ScheduleV2":
            fed.add(referred(event["Properties"]["DeadLetterConfig"]["Arn"]))
    return fed


def _alarmed_queues() -> set[str]:
    return {
        referred(dimension["Value"])
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        if alarm["Properties"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
        for dimension in alarm["Properties"]["Dimensions"]
    }


@each_function
def test_a_function_that_nobody_waits_for_keeps_what_fails_in_a_queue_with_an_alarm(name: str) -> None:
    function = FUNCTIONS[name]
    if function.get("Events"):
        assert _dead_letters_of(function)
        assert _dead_letters_of(function) <= _alarmed_queues()
    else:
        assert name in {referred(permission["Properties"]["FunctionName"]) for permission in _permissions()}


def _permissions() -> list[dict[str, Any]]:
    return list(resources("AWS::Lambda::Permission").values())


def test_a_scheduled_function_keeps_both_what_was_not_handed_over_and_what_failed() -> None:
    planner = FUNCTIONS["PlanReminders"]
    assert "DeadLetterQueue" in planner
    assert all("DeadLetterConfig" in event["Properties"] for event in planner["Events"].values())


@each_function
def test_a_queue_does_not_hand_out_a_message_while_it_may_still_be_worked_on(name: str) -> None:
    for queue in queues_of(FUNCTIONS[name]):
        assert QUEUES[queue]["Properties"]["VisibilityTimeout"] >= 6 * FUNCTIONS[name]["Timeout"]


@each_function
def test_a_queue_consumer_reports_which_messages_failed(name: str) -> None:
    for event in FUNCTIONS[name].get("Events", {}).values():
        if event["Type"] == "SQS":
            assert event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@each_function
def test_a_function_writes_to_its_own_log_group_which_forgets_after_two_weeks(name: str) -> None:
    groups = resources("AWS::Logs::LogGroup")
    own = referred(FUNCTIONS[name]["LoggingConfig"]["LogGroup"])
    assert own == f"{name}Logs"
    assert groups[own]["Properties"]["RetentionInDays"] == 14


@each_function
def test_a_function_has_a_role_of_its_own(name: str) -> None:
    assert referred(FUNCTIONS[name]["Role"]) == f"{name}Role"
    assert "ManagedPolicyArns" not in ROLES[f"{name}Role"]["Properties"]


@pytest.mark.parametrize("name", sorted(ROLES))
def test_a_role_names_every_action_and_every_resource(name: str) -> None:
    for statement in statements(ROLES[name]):
        assert not [action for action in listed(statement["Action"]) if "*" in action]
        if statement["Resource"] == "*":
            if listed(statement["Action"]) == ["ses:GetAccount"]:
                continue
            assert set(listed(statement["Action"])) == {"ses:SendEmail"}
            assert statement["Condition"]["StringEqualsIgnoreCaseIfExists"] == {
                "ses:FromAddress": {"Ref": "FromAddress"}
            }


def test_importing_writes_to_nobody_but_the_admin() -> None:
    (may_send,) = (
        s for s in statements(ROLES["ImportInvoicesRole"]) if "ses:SendEmail" in listed(s["Action"])
    )
    assert may_send["Condition"]["ForAllValues:StringEqualsIgnoreCase"] == {
        "ses:Recipients": [{"Fn::If": ["HasReportAddress", {"Ref": "ReportAddress"}, "nobody"]}]
    }


@pytest.mark.parametrize("name", ["ImportInvoices", "PlanReminders"])
def test_who_goes_through_the_accounts_may_read_the_index_they_are_in(name: str) -> None:
    # MiniStack takes the permission for a table for one for its indexes, AWS does not.
    index = {"Fn::Sub": "${Table.Arn}/index/due"}
    granted = [s for s in statements(ROLES[f"{name}Role"]) if "dynamodb:Query" in listed(s["Action"])]
    assert index in [resource for statement in granted for resource in listed(statement["Resource"])]


@each_function
def test_a_function_may_read_exactly_the_secrets_it_is_told_of(name: str) -> None:
    told = {
        referred(value)
        for variable, value in FUNCTIONS[name]["Environment"]["Variables"].items()
        if variable.endswith("_SECRET_ID")
    }
    may_read = {
        referred(secret)
        for statement in statements(ROLES[f"{name}Role"])
        if "secretsmanager:GetSecretValue" in listed(statement["Action"])
        for secret in listed(statement["Resource"])
    }
    assert told == may_read


def test_planning_writes_nothing_but_how_far_it_got_and_that_it_stopped() -> None:
    # MiniStack grants it everything: it does not look at this condition.
    writes = [s for s in statements(ROLES["PlanRemindersRole"]) if "dynamodb:PutItem" in listed(s["Action"])]
    assert [statement["Condition"] for statement in writes] == [
        {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["SETTINGS", "UNMATCHED"]}}
    ]


@each_function
def test_a_function_s_variables_are_the_fields_of_its_settings(name: str) -> None:
    model = getattr(settings, f"{name}Settings")
    variables = FUNCTIONS[name]["Environment"]["Variables"].keys() - OBSERVABILITY
    assert variables == {field.upper() for field in model.model_fields}


@each_function
def test_a_function_s_code_exists_and_imports_without_its_environment(name: str) -> None:
    function = FUNCTIONS[name]
    module, handler = function["Handler"].rsplit(".", 1)
    assert (ROOT / function["CodeUri"] / f"{module}.py").is_file()
    imported = importlib.import_module(f"{function['CodeUri'].replace('/', '.')}.{module}")
    assert callable(getattr(imported, handler))


@each_function
def test_a_function_is_shipped_as_it_stands_with_both_layers(name: str) -> None:
    metadata = resources("AWS::Serverless::Function")[name]["Metadata"]
    assert metadata == {"SkipBuild": True}
    own = ["DocumentsLayer"] if name == "MakeDocuments" else []
    assert [referred(layer) for layer in FUNCTIONS[name]["Layers"]] == ["CoreLayer", "DepsLayer", *own]


def test_a_stack_is_no_sandbox_unless_asked_for() -> None:
    parameters, conditions = template()["Parameters"], template()["Conditions"]
    assert parameters["Sandbox"]["Default"] == "false"
    assert parameters["EndpointUrl"]["Default"] == parameters["TwilioBaseUrl"]["Default"] == ""
    assert conditions["IsSandbox"] == {"Fn::Equals": [{"Ref": "Sandbox"}, "true"]}
    assert {"Condition": "IsSandbox"} in conditions["IsLocal"]["Fn::And"]


@pytest.mark.parametrize(
    ("parameter", "guard"), [("TwilioBaseUrl", "IsSandbox"), ("EndpointUrl", "IsLocal")], ids=str
)
def test_what_a_sandbox_may_be_told_is_ignored_elsewhere(parameter: str, guard: str) -> None:
    places = [
        (name, path)
        for name, item in template()["Resources"].items()
        for path in [*uses(item, "Ref", parameter), *_substitutions(item, parameter)]
    ]
    assert places
    for name, path in places:
        assert _is_guarded(template()["Resources"][name], path, guard)


def _substitutions(node: Any, parameter: str) -> list[tuple[str, ...]]:
    if isinstance(node, list):
        node = {str(position): child for position, child in enumerate(node)}
    if not isinstance(node, dict):
        return []
    here = [("Fn::Sub",)] if f"${{{parameter}}}" in str(node.get("Fn::Sub", "")) else []
    below = [(str(name), *path) for name, child in node.items() for path in _substitutions(child, parameter)]
    return here + below


def _is_guarded(node: Any, path: tuple[str, ...], guard: str) -> bool:
    for step, branch in itertools.pairwise(path):
        node = node[int(step)] if isinstance(node, list) else node[step]
        if step == "Fn::If" and node[0] == guard and branch == "1":
            return True
    return False


def test_nobody_but_the_bucket_and_the_topic_may_fill_the_queues_from_outside() -> None:
    for policy in resources("AWS::SQS::QueuePolicy").values():
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert statement["Principal"].keys() == {"Service"}
            assert "aws:SourceArn" in statement["Condition"]["ArnEquals"]


def test_the_upload_bucket_is_private_encrypted_and_keeps_versions() -> None:
    bucket = resources("AWS::S3::Bucket")["UploadBucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]


def test_uploads_are_announced_but_reports_are_not() -> None:
    bucket = resources("AWS::S3::Bucket")["UploadBucket"]["Properties"]
    configurations = bucket["NotificationConfiguration"]["QueueConfigurations"]
    rules = [rule for each in configurations for rule in each["Filter"]["S3Key"]["Rules"]]
    assert rules == [{"Name": "prefix", "Value": f"{folder}/"} for folder in Folder]


def test_a_file_of_the_largest_size_fits_on_the_disk_twice() -> None:
    assert FUNCTIONS["ImportInvoices"]["EphemeralStorage"]["Size"] * 1024**2 >= 2 * LARGEST_FILE


def test_what_is_printed_is_private_encrypted_and_forgotten() -> None:
    bucket = resources("AWS::S3::Bucket")["DocumentBucket"]["Properties"]
    assert list(bucket["PublicAccessBlockConfiguration"].values()) == [True] * 4
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == 400


def test_printing_reads_the_book_and_writes_only_documents() -> None:
    granted = statements(ROLES["MakeDocumentsRole"])
    on_table = [s for s in granted if listed(s["Action"])[0].startswith("dynamodb:")]
    assert [listed(s["Action"]) for s in on_table] == [
        ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
    ]
    assert [s["Resource"] for s in granted if "s3:PutObject" in listed(s["Action"])] == [
        {"Fn::Sub": "${DocumentBucket.Arn}/documents/*"}
    ]


@pytest.mark.parametrize("name", ["Table", "UploadBucket"])
def test_what_a_business_entrusts_to_the_stack_outlives_it(name: str) -> None:
    resource = template()["Resources"][name]
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_the_outputs_are_those_the_local_stack_knows() -> None:
    assert {output_field(name) for name in template()["Outputs"]} == {field.name for field in fields(Outputs)}


def test_every_alarm_tells_somebody_and_is_on_the_dashboard_or_about_silence() -> None:
    alarms = resources("AWS::CloudWatch::Alarm")
    assert all(listed(alarm["Properties"]["AlarmActions"]) for alarm in alarms.values())
    (dashboard,) = resources("AWS::CloudWatch::Dashboard").values()
    body = dashboard["Properties"]["DashboardBody"]["Fn::Sub"]
    shown = {name for name in alarms if f"${{{name}.Arn}}" in body}
    # One that is only made while planning runs by itself cannot be named there.
    assert alarms.keys() - shown == {"PlanSilentAlarm"}
    json.loads(body)


def test_what_alarms_watch_of_ours_is_what_the_functions_write() -> None:
    namespace = template()["Globals"]["Function"]["Environment"]["Variables"]["POWERTOOLS_METRICS_NAMESPACE"]
    ours = {
        (referred_service(alarm), alarm["MetricName"])
        for alarm in (alarm["Properties"] for alarm in resources("AWS::CloudWatch::Alarm").values())
        if alarm["Namespace"] == namespace
    }
    assert ours == {
        ("send_reminders", "Unknown"),
        ("plan_reminders", "OldestDueSeconds"),
        ("plan_reminders", "SendingStopped"),
    }


def referred_service(alarm: dict[str, Any]) -> str:
    (dimension,) = alarm["Dimensions"]
    assert dimension["Name"] == "service"
    return str(dimension["Value"])
