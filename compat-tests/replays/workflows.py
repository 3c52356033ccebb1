"""Engines of scientific workflows: Snakemake, miniwdl, Nextflow and Toil. They register definitions of their own, and deregister most."""

import tempfile
import time

from checks import equal, step, until
from jobs import ARN, ENDLESS, IMAGE, MAX_VCPUS, NAME, PRIVILEGED, QUEUE, ROLE, describe, expect_log, resources, simulate, wait_for
from wire import batch


def spot_retries(attempts):
    """Retries as Snakemake and Nextflow want them: only of jobs that were lost with their host."""
    return {
        "attempts": attempts,
        "evaluateOnExit": [{"onStatusReason": "Host EC2*", "action": "RETRY"}, {"onReason": "*", "action": "EXIT"}],
    }


def is_deregistered(definition):
    """Tells whether a definition is INACTIVE; it must still be there."""
    (found,) = batch("DescribeJobDefinitions", {"jobDefinitions": [definition]})["jobDefinitions"]
    return found["status"] == "INACTIVE"


@step("Snakemake: a job, and its definition for it alone")
def _():
    name = f"snakejob-def-{NAME}"
    registered = batch("RegisterJobDefinition", {
        "jobDefinitionName": name,
        "type": "container",
        "containerProperties": {
            "image": IMAGE, "command": ["sh", "-c", "echo mapped"], "environment": [], "jobRoleArn": ROLE, "privileged": PRIVILEGED,
            "resourceRequirements": resources("1", "1024"),
        },
        "tags": {},
        "platformCapabilities": ["EC2"],
    })
    simulate(f"snakejob-{NAME}", output="mapped")
    job = batch("SubmitJob", {
        "jobName": f"snakejob-{NAME}", "jobQueue": QUEUE,
        "jobDefinition": f"{registered['jobDefinitionName']}:{registered['revision']}", "retryStrategy": spot_retries(3),
    })["jobId"]
    done = wait_for(job, "SUCCEEDED")
    expect_log(["mapped"], done["container"]["logStreamName"])
    # Snakemake also terminates jobs that have ended, and takes the definition's ARN from the job.
    equal(batch("TerminateJob", {"jobId": job, "reason": "terminated by snakemake"}), {}, "answer")
    batch("DeregisterJobDefinition", {"jobDefinition": done["jobDefinition"]})
    assert is_deregistered(registered["jobDefinitionArn"])
    equal([describe(job)["status"], describe(job)["statusReason"]], ["SUCCEEDED", done["statusReason"]], "job")


@step("Snakemake: a job that fails")
def _():
    name = f"snakejob-{NAME}-failing"
    batch("RegisterJobDefinition", {
        "jobDefinitionName": name, "type": "container", "tags": {"project": "x"}, "timeout": {"attemptDurationSeconds": 60},
        "containerProperties": {"image": IMAGE, "command": ["sh", "-c", "exit 4"], "resourceRequirements": resources("1", "1024")},
    })
    simulate(name, exitCode=4)
    job = batch("SubmitJob", {
        "jobName": name, "jobQueue": QUEUE, "jobDefinition": f"{name}:1", "retryStrategy": spot_retries(3),
        "tags": {"project": "x"}, "propagateTags": True,
    })["jobId"]
    done = wait_for(job, "FAILED")
    equal([done["container"].get("exitCode"), done.get("statusReason")], [4, "Essential container in task exited"], "end")
    equal(len(done["attempts"]), 1, "number of attempts")


def run_task(name, script):
    """Registers and submits a task of miniwdl, with a shared file system and a user; returns job id, definition ARN and definition."""
    registered = batch("RegisterJobDefinition", {
        "jobDefinitionName": name,
        "type": "container",
        "containerProperties": {
            "image": IMAGE,
            "volumes": [{
                "name": "efs",
                "efsVolumeConfiguration": {
                    "fileSystemId": "fs-12345678", "transitEncryption": "ENABLED",
                    "authorizationConfig": {"accessPointId": "fsap-1234567890abcdef0"},
                },
            }],
            "mountPoints": [{"containerPath": "/mnt/efs", "sourceVolume": "efs"}],
            "command": ["sh", "-ec", f"exit_code=0\n({script}) || exit_code=$?\nexit $exit_code"],
            "environment": [],
            "resourceRequirements": resources("1", "1024"),
            "privileged": False,
            "user": "0:0",
        },
    })
    definition = f"{registered['jobDefinitionName']}:{registered['revision']}"
    submitted = batch("SubmitJob", {
        "jobName": name, "jobQueue": QUEUE, "jobDefinition": definition, "timeout": {"attemptDurationSeconds": 864000}, "tags": {}})
    return submitted["jobId"], registered["jobDefinitionArn"], definition


@step("miniwdl: two tasks, watched with one request")
def _():
    good, bad = f"{NAME}-hello-wdl", f"{NAME}-bad-wdl"
    simulate(good, output="hello")
    simulate(bad, exitCode=5)
    tasks = [run_task(good, "echo hello"), run_task(bad, "exit 5")]
    ids = [task[0] for task in tasks]

    def ended():
        found = {job["jobId"]: job for job in batch("DescribeJobs", {"jobs": ids})["jobs"]}
        equal(set(found), set(ids), "jobs of the answer")
        return found if {job["status"] for job in found.values()} <= {"SUCCEEDED", "FAILED"} else None

    first, second = (until("tasks have ended", ended)[job] for job in ids)
    equal([first["status"], second["status"]], ["SUCCEEDED", "FAILED"], "statuses")
    expect_log(["hello"], first["container"]["logStreamName"])
    equal(second["container"]["exitCode"], 5, "exitCode")
    equal([second["container"].get("reason"), second["statusReason"]], [None, "Essential container in task exited"], "reasons")
    for _, arn, definition in tasks:
        batch("DeregisterJobDefinition", {"jobDefinition": definition})
        assert is_deregistered(arn)


def find_or_register(name, token):
    """Finds the active definition with this token among its parameters, as Nextflow does, or registers it."""
    found = batch("DescribeJobDefinitions", {"jobDefinitionName": name})["jobDefinitions"]
    for definition in found:
        if definition["status"] == "ACTIVE" and definition.get("parameters", {}).get("nf-token") == token:
            return f"{name}:{definition['revision']}"
    registered = batch("RegisterJobDefinition", {
        "jobDefinitionName": name,
        "type": "container",
        "parameters": {"nf-token": token},
        "containerProperties": {
            "image": IMAGE, "command": ["true"], "resourceRequirements": resources("1", "1024"), "jobRoleArn": ROLE,
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-region": ARN.split(":")[3], "awslogs-group": f"/{NAME}/nf"}},
            "mountPoints": [{"sourceVolume": "aws-cli", "containerPath": "/tmp", "readOnly": True}],
            "volumes": [{"name": "aws-cli", "host": {"sourcePath": "/tmp"}}],
        },
        "tags": {"nextflow.io/createdAt": "2026-01-01T00:00:00.000Z", "nextflow.io/version": "24.10.0"},
    })
    return f"{registered['jobDefinitionName']}:{registered['revision']}"


def submit_process(name, definition, script):
    return batch("SubmitJob", {
        "jobName": name,
        "jobQueue": QUEUE,
        "jobDefinition": definition,
        "tags": {"project": "x"},
        "propagateTags": True,
        "retryStrategy": spot_retries(5),
        "timeout": {"attemptDurationSeconds": 3600},
        "containerOverrides": {
            "command": ["sh", "-c", f"trap '{{ ret=$?; echo saved; exit $ret; }}' EXIT; {script}"],
            "resourceRequirements": [{"type": "MEMORY", "value": "512"}],
            "environment": [{"name": "AWS_MAX_ATTEMPTS", "value": "5"}, {"name": "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "value": "5"}],
        },
    })["jobId"]


@step("Nextflow: a task that fails by itself is not tried again")
def _():
    name = f"{NAME}_align_1"
    definition = find_or_register(f"nf-{NAME}", "0a1b2c3d")
    equal(find_or_register(f"nf-{NAME}", "0a1b2c3d"), definition, "found again")
    assert find_or_register(f"nf-{NAME}", "4e5f6071") != definition
    simulate(name, exitCode=2, output="saved")
    done = wait_for(submit_process(name, definition, "exit 2"), "FAILED")
    equal(done["container"]["exitCode"], 2, "exitCode")
    assert done["container"]["taskArn"], done["container"]
    equal([done["statusReason"], done["attempts"][-1]["container"].get("reason")], ["Essential container in task exited", None], "reasons")
    equal(len(done["attempts"]), 1, "number of attempts")
    expect_log(["saved"], done["container"]["logStreamName"], f"/{NAME}/nf")


@step("Nextflow: a running task is killed")
def _():
    name = f"{NAME}_align_2"
    simulate(name, runFor="300")
    job = submit_process(name, find_or_register(f"nf-{NAME}", "0a1b2c3d"), ENDLESS)
    assert wait_for(job, "RUNNING")["container"]["taskArn"]
    batch("TerminateJob", {"jobId": job, "reason": "Job killed by NF"})
    equal(wait_for(job, "FAILED")["statusReason"], "Job killed by NF")


def run_time(job):
    """Computes the seconds that Toil accounts for; None for a job that never started."""
    if "startedAt" not in job:
        return None
    return (job.get("stoppedAt", int(time.time() * 1000)) - job["startedAt"]) / 1000


@step("Toil: run time of a job that ran, and of one that never started")
def _():
    paths = {"mnt0": "/tmp", "mnt1": tempfile.gettempdir()}
    definition = batch("RegisterJobDefinition", {
        "jobDefinitionName": f"toil-{NAME}",
        "type": "container",
        "containerProperties": {
            "image": IMAGE,
            "volumes": [{"name": name, "host": {"sourcePath": path}} for name, path in paths.items()],
            "mountPoints": [{"containerPath": path, "sourceVolume": name} for name, path in paths.items()],
            "resourceRequirements": resources("1", "2048"),
            "privileged": PRIVILEGED,
            "jobRoleArn": ROLE,
        },
        "retryStrategy": {"attempts": 1},
        "propagateTags": True,
    })["jobDefinitionArn"]

    def issue(name, vcpus):
        return batch("SubmitJob", {
            "jobName": name, "jobQueue": QUEUE, "jobDefinition": definition,
            "containerOverrides": {
                "command": ["sh", "-c", 'test "$TOIL_WORKDIR" = /var/lib/toil'],
                "environment": [{"name": "TOIL_WORKDIR", "value": "/var/lib/toil"}],
                "resourceRequirements": [{"type": "MEMORY", "value": "128"}, {"type": "VCPU", "value": vcpus}],
            },
        })["jobId"]

    done = wait_for(issue(f"{NAME}-toil", "1"), "SUCCEEDED")
    equal(int(done["container"]["exitCode"]), 0, "exitCode")
    assert 0 <= run_time(done) < 600, done
    # The queue has no environment that is large enough, so this job waits until it is killed.
    waiting = issue(f"{NAME}-toil-large", str(MAX_VCPUS + 1))
    equal(run_time(wait_for(waiting, "RUNNABLE")), None, "run time")
    batch("TerminateJob", {"jobId": waiting, "reason": "Killed by Toil"})
    killed = wait_for(waiting, "FAILED")
    equal([run_time(killed), killed["statusReason"], killed["container"].get("exitCode")], [None, "Killed by Toil", None], "end")
    batch("DeregisterJobDefinition", {"jobDefinition": definition})
    assert is_deregistered(definition)
