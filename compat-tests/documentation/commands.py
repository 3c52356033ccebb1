"""The commands of the README and of docs/, run as they stand: their output ends with the JSON that follows them. Started by run.sh, which
gives the COMPAT_ variables. Only the address of the server and the image are replaced.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from checks import DEADLINE_SECONDS, run, step

IS_SIMULATED = os.environ["COMPAT_EXECUTOR"] == "simulated"
ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = os.environ["COMPAT_ENDPOINT"]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Releases of the AWS CLI that distributions carry do not read AWS_ENDPOINT_URL.
PRELUDE = f'set -e\naws() {{ command aws --endpoint-url {ENDPOINT} "$@"; }}\n'
STATUSES = "SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"
END = "--- end of the block ---"


def blocks(page):
    """The code of a page, with its language, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    text = text.replace("http://127.0.0.1:22824", ENDPOINT).replace('"busybox"', f'"{os.environ["COMPAT_IMAGE"] or "busybox"}"')
    return FENCE.findall(text)


def execute(command, **options):
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * DEADLINE_SECONDS, check=False, **options)
    sys.stderr.write(done.stderr)
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"
    return done.stdout


def run_commands(page, first):
    """Runs the shell commands of a page in one shell, from the first block that contains a text on."""
    code = blocks(page)
    start = next(index for index, (_, text) in enumerate(code) if first in text)
    commands, expected = [], []
    for language, text in code[start:]:
        if language == "sh":
            commands.append(text)
            expected.append("")
        elif language == "json":
            expected[-1] = text
    output = execute(["bash", "-c", PRELUDE + f"echo '{END}'\n".join([*commands, ""])]).split(END + "\n")
    for text, actual in zip(expected, output, strict=False):
        # Simulated jobs write nothing.
        if not IS_SIMULATED:
            assert actual.endswith(text), f"the output is {actual!r}, expected {text!r} at its end"


@step("README: a first job")
def readme():
    run_commands("README.md", "register-job-definition")


@step("quick start: every command")
def quick_start():
    run_commands("docs/quick-start.md", "export AWS_ACCESS_KEY_ID")


@step("clients: Python")
def python():
    [code] = [text for language, text in blocks("docs/clients.md") if language == "python"]
    status = execute([sys.executable, "-c", code]).strip()
    # A simulated array may have ended already.
    assert status in STATUSES if IS_SIMULATED else status == "PENDING", status


@step("clients: JavaScript")
def javascript():
    [code] = [text for language, text in blocks("docs/clients.md") if language == "javascript"]
    status = execute(["node", "--input-type=module", "-e", code], cwd=ROOT / "compat-tests" / "javascript").strip()
    assert status in STATUSES, status


run()
