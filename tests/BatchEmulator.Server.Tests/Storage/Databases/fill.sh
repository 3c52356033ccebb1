#!/usr/bin/env bash
# Fills the data folder of a server with everything that a schema of batch.db can store, for the tests of migrations:
#
#   fill.sh PROGRAM SCHEMA FOLDER    e.g. fill.sh ./batch-emulator 6 v6
#
# PROGRAM is a published server that writes this schema. When a migration is added, run it once more with the new server, and add what
# the new schema stores here and in EarlierDatabases.cs. Files of earlier schemas are never made again.
set -euo pipefail

program=$1 schema=$2 folder=$3
work=$(mktemp -d)
"$program" --port 0 --data "$work/data" --executor simulated >"$work/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
until grep -qs 'listening on' "$work/log"; do kill -0 $server; sleep 0.1; done
url=$(sed -n 's/.*listening on \(http[^ ]*\).*/\1/p' "$work/log")

call() { # operation request
    local answer
    answer=$(curl --silent --show-error --fail-with-body --data "$2" "$url/v1/${1,,}") || { echo "$1: $answer" >&2; return 1; }
    echo "$answer"
}
put() { call "$@" >/dev/null; }
member() { sed -E "s/.*\"$1\":\"([^\"]*)\".*/\1/"; }
since() { [ "$schema" -ge "$1" ]; }
until_answer() { until call "$1" "$2" | grep -q "$3"; do sleep 0.1; done; }

# Held by the server that fills the folder (long) and by the one that opens it.
held='{"name":"SIMULATE_RUN_FOR","value":"7200"},{"name":"SIMULATE_HOLD","value":"RUNNING"}'
size='{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"64"}'
needs="\"resourceRequirements\":[$size]"

environment() { # name maxvCpus more
    put CreateComputeEnvironment '{"computeEnvironmentName":"'"$1"'","type":"MANAGED","tags":{"team":"a"},"computeResources":{"type":"EC2","allocationStrategy":"BEST_FIT_PROGRESSIVE","minvCpus":0,
        "maxvCpus":'"$2"',"instanceTypes":["optimal"],"instanceRole":"ecsInstanceRole","subnets":["subnet-0"],"securityGroupIds":["sg-0"]}'"${3:-}"'}'
    until_answer DescribeComputeEnvironments '{"computeEnvironments":["'"$1"'"]}' '"status":"VALID"'
}
queue() { # name environment more
    put CreateJobQueue '{"jobQueueName":"'"$1"'","priority":5,"tags":{"team":"b"},"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"'"$2"'"}]'"${3:-}"'}'
    until_answer DescribeJobQueues '{"jobQueues":["'"$1"'"]}' '"status":"VALID"'
}
submit() { # name queue definition more
    call SubmitJob '{"jobName":"'"$1"'","jobQueue":"'"$2"'","jobDefinition":"'"$3"'"'"${4:+,$4}"'}' | member jobId
}
until_job() { until_answer DescribeJobs '{"jobs":["'"$1"'"]}' '"status":"'"$2"'"'; }
with() { echo '"containerOverrides":{"environment":['"$1"']}'; }

environment main 4
put CreateComputeEnvironment '{"computeEnvironmentName":"outside","type":"UNMANAGED","state":"DISABLED","serviceRole":"arn:aws:iam::000000000000:role/batch"}'
limits=''
! since 2 || limits=',"jobStateTimeLimitActions":[{"state":"RUNNABLE","reason":"MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT","maxTimeSeconds":86400,"action":"CANCEL"}]'
queue work main "$limits"
environment cluster 4 ',"eksConfiguration":{"eksClusterArn":"arn:aws:eks:us-east-1:000000000000:cluster/c","kubernetesNamespace":"batch"}'
queue pods cluster
queue closed main ',"state":"DISABLED"'

container='{"image":"busybox","command":["echo","Ref::what"],'$needs'}'
put RegisterJobDefinition '{"jobDefinitionName":"plain","type":"container","containerProperties":'"$container"'}'
put DeregisterJobDefinition '{"jobDefinition":"plain:1"}'
put RegisterJobDefinition '{"jobDefinitionName":"plain","type":"container","parameters":{"what":"nothing"},"timeout":{"attemptDurationSeconds":864000000},
    "retryStrategy":{"attempts":2},"tags":{"team":"c"},"propagateTags":true,"containerProperties":'"$container"'}'
put RegisterJobDefinition '{"jobDefinitionName":"task","type":"container","ecsProperties":{"taskProperties":[{"containers":[
    {"name":"first","image":"busybox","essential":true,'"$needs"'},
    {"name":"second","image":"busybox","essential":false,"dependsOn":[{"containerName":"first","condition":"START"}],'"$needs"'}]}]}}'
put RegisterJobDefinition '{"jobDefinitionName":"pod","type":"container","eksProperties":{"podProperties":{"containers":[
    {"name":"only","image":"busybox","resources":{"limits":{"cpu":"1","memory":"64Mi"},"requests":{"cpu":"1","memory":"64Mi"}}}]}}}'
put RegisterJobDefinition '{"jobDefinitionName":"nodes","type":"multinode","nodeProperties":{"numNodes":2,"mainNode":0,"nodeRangeProperties":[
    {"targetNodes":"0:1","container":{"image":"busybox","environment":['"$held"'],'"$needs"'}}]}}'

# What has ended.
done=$(submit done work plain '"parameters":{"what":"something"},"tags":{"team":"d"},'"$(with '{"name":"SIMULATE_OUTPUT","value":"hello"}')")
failed=$(submit failed work plain "$(with '{"name":"SIMULATE_EXIT_CODE","value":"3"}')")
parts=$(submit parts work plain '"arrayProperties":{"size":3}')
broken=$(submit broken work plain '"arrayProperties":{"size":2},'"$(with '{"name":"SIMULATE_EXIT_CODE","value":"1"}')")
task=$(submit task work task)
pod=$(submit pod pods pod)
until_job "$done" SUCCEEDED; until_job "$failed" FAILED; until_job "$parts" SUCCEEDED; until_job "$broken" FAILED; until_job "$task" SUCCEEDED
until_job "$pod" SUCCEEDED
ended=$(submit terminated work plain "$(with "$held")")
until_job "$ended" RUNNING
put TerminateJob '{"jobId":"'"$ended"'","reason":"enough of it"}'
until_job "$ended" FAILED

# What is under way fills the four vCPUs of the environment: one, one child, and two nodes.
held_job=$(submit held work plain "$(with "$held")")
until_job "$held_job" RUNNING
steps=$(submit steps work plain '"arrayProperties":{"size":3},"dependsOn":[{"type":"SEQUENTIAL"}],'"$(with "$held")")
until_job "$steps:0" RUNNING
nodes=$(submit nodes work nodes)
until_job "$nodes#1" RUNNING
waiting=$(submit waiting work plain)
until_job "$waiting" RUNNABLE
submit after work plain '"dependsOn":[{"jobId":"'"$waiting"'"}]' >/dev/null

if since 3; then
    policy=$(call CreateSchedulingPolicy '{"name":"fair","tags":{"team":"e"},"fairsharePolicy":{"shareDecaySeconds":3600,
        "shareDistribution":[{"shareIdentifier":"a","weightFactor":0.5}]}}' | member arn)
    environment small 1
    queue shared small ',"schedulingPolicyArn":"'"$policy"'"'
    share=$(submit share-held shared plain '"shareIdentifier":"a","schedulingPriorityOverride":7,'"$(with "$held")")
    until_job "$share" RUNNING
    submit share-waiting shared plain '"shareIdentifier":"b","schedulingPriorityOverride":3' >/dev/null
fi
if since 4; then
    put CreateServiceEnvironment '{"serviceEnvironmentName":"training","serviceEnvironmentType":"SAGEMAKER_TRAINING","tags":{"team":"f"},
        "capacityLimits":[{"capacityUnit":"NUM_INSTANCES","maxCapacity":1}]}'
    until_answer DescribeServiceEnvironments '{"serviceEnvironments":["training"]}' '"status":"VALID"'
    put CreateJobQueue '{"jobQueueName":"trainings","jobQueueType":"SAGEMAKER_TRAINING","priority":1,"serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"training"}]}'
    until_answer DescribeJobQueues '{"jobQueues":["trainings"]}' '"status":"VALID"'
    train() { # name environment more
        call SubmitServiceJob '{"jobName":"'"$1"'","jobQueue":"trainings","serviceJobType":"SAGEMAKER_TRAINING","serviceRequestPayload":
            "{\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":1},\"Environment\":{'"$2"'}}"'"${3:-}"'}' | member jobId
    }
    trained=$(train trained '' ',"clientToken":"token-1"')
    until_answer DescribeServiceJob '{"jobId":"'"$trained"'"}' '"status":"SUCCEEDED"'
    training=$(train training-held '\"SIMULATE_RUN_FOR\":\"7200\",\"SIMULATE_HOLD\":\"RUNNING\"')
    until_answer DescribeServiceJob '{"jobId":"'"$training"'"}' '"status":"RUNNING"'
    train training-waiting '' >/dev/null
fi
if since 5; then
    put CreateConsumableResource '{"consumableResourceName":"license","totalQuantity":2,"tags":{"team":"g"}}'
    put RegisterJobDefinition '{"jobDefinitionName":"licensed","type":"container","containerProperties":'"$container"',"parameters":{"what":"nothing"},
        "consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"license","quantity":2}]}}'
    environment large 16
    queue licenses large
    licensed=$(submit licensed-held licenses licensed "$(with "$held")")
    until_job "$licensed" RUNNING
    submit licensed-waiting licenses licensed >/dev/null
fi

kill $server
wait $server || true
mkdir -p "$folder"
for database in batch logs; do
    # Small pages, since most tables and indexes hold a few rows.
    python3 - "$work/data/$database.db" "$folder/$database.db" <<'PYTHON'
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as database:
    database.execute("PRAGMA journal_mode=DELETE")
    database.execute("PRAGMA page_size=1024")
    database.execute("VACUUM INTO ?", (sys.argv[2],))
PYTHON
done
