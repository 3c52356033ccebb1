"""Requests as an SDK puts them on the wire: a JSON body, posted and signed for a Region, with nothing added or left out."""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

ACCOUNT = os.environ["AWS_ACCESS_KEY_ID"]
REGION = os.environ["AWS_DEFAULT_REGION"]
TIMEOUT_SECONDS = 60


class Refused(Exception):
    """Refusal of a request, as clients see it: code, message and HTTP status."""

    def __init__(self, code, message, status):
        super().__init__(f"{code} ({status}): {message}")
        self.code, self.message, self.status = code, message, status


def batch(operation, body):
    """Sends a request to AWS Batch and returns the answer; operations are named as in the API reference."""
    return _post(f"/v1/{operation.lower()}", "batch", body, {"Content-Type": "application/json"})


def tag_resource(arn, tags):
    """Sends the one request whose path is not the name of its operation."""
    return _post(f"/v1/tags/{urllib.parse.quote(arn, safe='')}", "batch", {"tags": tags}, {"Content-Type": "application/json"})


def logs(operation, body):
    """Sends a request to CloudWatch Logs and returns the answer."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"Logs_20140328.{operation}"}
    return _post("/", "logs", body, headers)


def refusal(send, *arguments):
    """Sends a request that must be refused and returns the refusal."""
    try:
        answer = send(*arguments)
    except Refused as refused:
        return refused
    raise AssertionError(f"{arguments} is not refused: {answer}")


def control(path, body):
    """Puts a document to one of the emulator's control endpoints."""
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{os.environ['COMPAT_ENDPOINT']}/_emulator/{path}", data, method="PUT")
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):
        pass


def _post(path, service, body, headers):
    # The signature is not checked; account and Region are read from the credential.
    headers["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={ACCOUNT}/20260101/{REGION}/{service}/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}")
    request = urllib.request.Request(os.environ["COMPAT_ENDPOINT"] + path, json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
        raise Refused(answer["__type"], answer["message"], error.code) from error
