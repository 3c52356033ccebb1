#!/usr/bin/env bash
# The journey of compat-tests/journey.txt with the AWS CLI, version 1 or 2. Started by run.sh, which gives the COMPAT_ variables.
# Responses are parsed by the CLI's own --query: each check is one call, and nothing else needs to be installed.
set -uo pipefail

name=$COMPAT_NAME
deadline_seconds=60
environment=$name-environment queue=$name-queue definition=$name-definition
arn=arn:aws:batch:$AWS_DEFAULT_REGION:$AWS_ACCESS_KEY_ID
environment_arn=$arn:compute-environment/$environment
queue_arn=$arn:job-queue/$queue
definition_arn=$arn:job-definition/$definition
# A retried request would hide an error of the server.
export AWS_MAX_ATTEMPTS=1

job_members="attempts container createdAt dependsOn eksAttempts jobArn jobDefinition jobId jobName jobQueue
    parameters platformCapabilities startedAt status statusReason stoppedAt tags"
container_members="command containerInstanceArn environment exitCode image logStreamName mountPoints networkInterfaces
    resourceRequirements secrets taskArn ulimits volumes"
attempt_members="container startedAt statusReason stoppedAt"
attempt_container_members="containerInstanceArn exitCode logStreamName networkInterfaces taskArn"

# Problems of the present step: a file, since many checks run in subshells.
problems=$(mktemp)
trap 'rm -f "$problems"' EXIT
problem() { printf '%s\n' "$*" >>"$problems"; }

step() { # name function
    : >"$problems"
    "$2"
    if [ -s "$problems" ]; then
        has_failed=yes
        echo "FAILED $1: $(tr -s '\n ' '  ' <"$problems")"
    else
        echo "ok $1"
    fi
}

equal() { [ "$1" = "$2" ] || problem "${3:-value} is '$1', expected '$2';"; }
words() { tr -s ' \t\n' '\n\n\n' | grep -v '^$' | sort | tr '\n' ' '; }
same_members() { equal "$(words <<<"$1")" "$(words <<<"$2")" "$3"; }

# until_true WHAT COMMAND...: repeats the command until it succeeds.
until_true() {
    local what=$1 end=$((SECONDS + deadline_seconds))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || { problem "not within $deadline_seconds s: $what;"; return 1; }
        sleep 0.1
    done
}

call() { aws --endpoint-url "$COMPAT_ENDPOINT" --output text "$@" || problem "exit code $? of: aws $*;"; }
batch() { call batch "$@"; }

# Statuses of a resource in the event stream, in order, each once per change.
statuses() {
    local line rest
    grep -F "\"resources\":[\"$1\"]" "$COMPAT_EVENTS" | while IFS= read -r line; do
        rest=${line#*'"status":"'}
        echo "${rest%%'"'*}"
    done | uniq | tr '\n' ' '
}
has_statuses() { [ "$(statuses "$1")" = "$2 " ]; }

of_job() { batch describe-jobs --jobs "$1" --query "jobs[0].$2"; }

# wait_for ID STATUS. A job that has ended otherwise is not waited for.
wait_for() {
    local end=$((SECONDS + deadline_seconds)) status
    while true; do
        status=$(of_job "$1" status)
        case $status in
            "$2") return ;;
            SUCCEEDED | FAILED) problem "job is $status: $(of_job "$1" '[statusReason, container]');"; return ;;
        esac
        [ "$SECONDS" -lt "$end" ] || { problem "not within $deadline_seconds s: job is $2, but $status;"; return; }
        sleep 0.1
    done
}

# overrides SIMULATED COMMAND [VARIABLE]: container overrides as JSON. VARIABLE and SIMULATED are NAME=VALUE, COMMAND is JSON or empty;
# SIMULATED specifies the outcome where jobs are simulated, and is left out elsewhere.
overrides() {
    local variables='' variable
    [ "$COMPAT_EXECUTOR" = simulated ] || set -- '' "${@:2}"
    for variable in "$1" "${3:-}"; do
        [ -z "$variable" ] || variables+="${variables:+,}{\"name\":\"${variable%%=*}\",\"value\":\"${variable#*=}\"}"
    done
    printf '{%s"environment":[%s]}' "${2:+\"command\":$2,}" "$variables"
}

# submit NAME OPTION...: the id of the job.
submit() {
    batch submit-job --job-name "$name-$1" --job-queue "$queue" --job-definition "$definition" --query jobId "${@:2}"
}

# refused MESSAGE ARGUMENT...: the request must be refused with a ClientException of this message, in which %ID% stands for the
# request id. Only the debug log shows the id.
refused() {
    local expected=$1 log message id
    shift
    if log=$(aws --endpoint-url "$COMPAT_ENDPOINT" --debug batch "$@" 2>&1); then
        problem "not refused: aws batch $*;"
        return
    fi
    # Version 2 reports its retries before the colon.
    message=$(sed -nE 's/.*An error occurred \(ClientException\) when calling the [A-Za-z]+ operation( \([^)]*\))?: //p' <<<"$log" | tail -n 1)
    id=$(grep -oiE "x-amzn-requestid': '[0-9a-f-]{36}" <<<"$log" | tail -n 1)
    equal "$message" "${expected//%ID%/${id##*\'}}" message
    grep -qE '" 400 ' <<<"$log" || problem "the status is not 400;"
}

environment_has() { [ "$(batch describe-compute-environments --compute-environments "$environment" --query "$1")" = "$2" ]; }
queue_has() { [ "$(batch describe-job-queues --job-queues "$queue" --query "$1")" = "$2" ]; }

create_environment() {
    equal "$(batch create-compute-environment --compute-environment-name "$environment" --type MANAGED --query computeEnvironmentArn \
        --compute-resources type=EC2,minvCpus=0,maxvCpus=256,instanceTypes=optimal,instanceRole=ecsInstanceRole,subnets=subnet-1,securityGroupIds=sg-1)" \
        "$environment_arn"
    until_true "environment is VALID" environment_has 'computeEnvironments[0].[status, state, statusReason]' \
        $'VALID\tENABLED\tComputeEnvironment Healthy'
    until_true "events are CREATING, VALID" has_statuses "$environment_arn" "CREATING VALID"
}

create_queue() {
    equal "$(batch create-job-queue --job-queue-name "$queue" --priority 1 --query jobQueueArn \
        --compute-environment-order "order=1,computeEnvironment=$environment")" "$queue_arn"
    until_true "queue is VALID" queue_has 'jobQueues[0].[status, state, statusReason, computeEnvironmentOrder[0].computeEnvironment]' \
        $'VALID\tENABLED\tJobQueue Healthy\t'"$environment_arn"
    until_true "events are CREATING, VALID" has_statuses "$queue_arn" "CREATING VALID"
}

register() {
    local revision
    for revision in 1 2; do
        equal "$(batch register-job-definition --job-definition-name "$definition" --type container --parameters who=nobody \
            --tags "client=$name" --query '[revision, jobDefinitionArn]' --container-properties '{
                "image": "'"$COMPAT_IMAGE"'",
                "command": ["sh", "-c", "echo \"$GREETING, $1\"", "sh", "Ref::who"],
                "environment": [{"name": "GREETING", "value": "none"}],
                "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]
            }')" "$revision"$'\t'"$definition_arn:$revision"
    done
}

run_greeting() {
    greeting=$(submit greeting --container-overrides "$(overrides 'SIMULATE_OUTPUT=Grüße, world' '' GREETING=Grüße)" \
        --parameters who=world --tags team=red)
    wait_for "$greeting" SUCCEEDED
    equal "$(of_job "$greeting" '[jobArn, jobDefinition, jobQueue, parameters.who, tags.team, statusReason]')" \
        "$arn:job/$greeting"$'\t'"$definition_arn:2"$'\t'"$queue_arn"$'\tworld\tred\tEssential container in task exited'
    equal "$(of_job "$greeting" 'container.[command[1:], environment[?name==`GREETING`].value, [exitCode]][]')" \
        $'-c\techo "$GREETING, $1"\tsh\tworld\tGrüße\t0'
    equal "$(of_job "$greeting" '[parameters, tags] | [*].keys(@)[]')" $'who\tteam'
    equal "$(of_job "$greeting" '[createdAt <= startedAt, startedAt <= stoppedAt]')" $'True\tTrue' "order of the times"
}

check_events() {
    local job=$arn:job/$greeting
    until_true "events are in order" has_statuses "$job" "RUNNABLE STARTING RUNNING SUCCEEDED" || problem "they are $(statuses "$job");"
}

check_members() {
    same_members "$(of_job "$greeting" 'keys(@)')" "$job_members" "members of the job"
    same_members "$(of_job "$greeting" 'container.keys(@)')" "$container_members" "members of the container"
    same_members "$(of_job "$greeting" 'attempts[*].keys(@)[]')" "$attempt_members" "members of the attempt"
    same_members "$(of_job "$greeting" 'attempts[*].container.keys(@)[]')" "$attempt_container_members" \
        "members of the attempt's container"
    equal "$(of_job "$greeting" '[length(dependsOn), length(platformCapabilities), length(eksAttempts)]')" $'0\t0\t0'
}

has_output() {
    output=$(call logs get-log-events --log-group-name /aws/batch/job --log-stream-name "$stream" --start-from-head --query 'events[].message')
    [ -n "$output" ]
}

check_log() {
    stream=$(of_job "$greeting" container.logStreamName)
    [[ $stream == "$definition"/default/* ]] || problem "log stream is $stream;"
    until_true "log has lines" has_output
    equal "$output" "Grüße, world"
}

filtered() {
    call logs filter-log-events --log-group-name /aws/batch/job --log-stream-names "$stream" --filter-pattern "$1" --query 'events[].message'
}

check_filter() {
    equal "$(filtered world)" "Grüße, world"
    equal "$(filtered moon)" ""
}

run_failing() {
    local id
    id=$(submit failing --container-overrides "$(overrides SIMULATE_EXIT_CODE=3 '["sh", "-c", "exit 3"]')" --timeout attemptDurationSeconds=60)
    wait_for "$id" FAILED
    equal "$(of_job "$id" '[statusReason, container.exitCode, timeout.attemptDurationSeconds]')" $'Essential container in task exited\t3\t60'
    same_members "$(of_job "$id" 'keys(@)')" "$job_members timeout" "members of the job"
    equal "$(batch list-jobs --job-queue "$queue" --job-status FAILED \
        --query 'jobSummaryList[].[jobId, container.exitCode, length(container), jobDefinition]')" "$id"$'\t3\t1\tNone' summary
}

run_retries() {
    local id
    id=$(submit retries --container-overrides "$(overrides SIMULATE_EXIT_CODE=3 '["sh", "-c", "exit 3"]')" --retry-strategy attempts=2)
    wait_for "$id" FAILED
    equal "$(of_job "$id" 'attempts[].container.exitCode')" $'3\t3' "exit codes"
    equal "$(of_job "$id" 'attempts[0].container.logStreamName == attempts[1].container.logStreamName')" False "same log stream"
    equal "$(of_job "$id" 'retryStrategy.[attempts, length(evaluateOnExit)]')" $'2\t0' retryStrategy
    until_true "events are in order" has_statuses "$arn:job/$id" "RUNNABLE STARTING RUNNING RUNNABLE STARTING RUNNING FAILED" \
        || problem "they are $(statuses "$arn:job/$id");"
}

uuid() { cat /proc/sys/kernel/random/uuid; }

end_unknown() {
    batch cancel-job --job-id "$(uuid)" --reason "nothing there"
    batch terminate-job --job-id "$(uuid)" --reason "nothing there"
}

terminate_running() {
    local id reason='stopped by hand: "100 %" sure'
    # A shell that is process 1 of a container ignores SIGTERM unless it traps it.
    id=$(submit endless --container-overrides \
        "$(overrides SIMULATE_RUN_FOR=300 '["sh", "-c", "trap \"exit 143\" TERM; sleep 300 & wait"]')")
    wait_for "$id" RUNNING
    batch terminate-job --job-id "$id" --reason "$reason"
    wait_for "$id" FAILED
    equal "$(of_job "$id" '[statusReason, attempts[0].statusReason, isTerminated, isCancelled]')" "$reason"$'\t'"$reason"$'\tTrue\tNone'
    case $(of_job "$id" container.exitCode) in 137 | 143) ;; *) problem "exit code is $(of_job "$id" container.exitCode);" ;; esac
}

# control ENDPOINT JSON: the endpoints are the emulator's own, so the CLI has no command for them.
control() {
    local address=${COMPAT_ENDPOINT#http://} answer
    exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
    printf 'POST /_emulator/%s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' "$1" "$address" "${#2}" "$2" >&3
    read -r answer <&3
    exec 3>&-
    [[ $answer == *" 200 "* ]] || problem "$1 is answered with $answer;"
}

# submit_endless QUEUE OPTION...: a job that is retried for lost hosts only; its id.
submit_endless() {
    batch submit-job --job-name "$name-spot" --job-queue "$1" --job-definition "$definition" --query jobId \
        --retry-strategy '{"attempts": 3, "evaluateOnExit": [
            {"onStatusReason": "Host EC2*", "action": "RETRY"}, {"onReason": "*", "action": "EXIT"}]}' \
        --container-overrides "$(overrides SIMULATE_RUN_FOR=300 '["sh", "-c", "trap \"exit 143\" TERM; sleep 300 & wait"]')" "${@:2}"
}

runs_again() { [ "$(of_job "$1" '[status, to_string(length(attempts))]')" = $'RUNNING\t1' ]; }

reclaim_spot() {
    local spot=$name-spot id first second
    # A timeout takes a minute at least: it is looked at by a later step.
    timed=$(submit_endless "$queue" --timeout attemptDurationSeconds=60)
    equal "$(batch create-compute-environment --compute-environment-name "$spot" --type MANAGED --query computeEnvironmentName \
        --compute-resources type=SPOT,allocationStrategy=SPOT_PRICE_CAPACITY_OPTIMIZED,minvCpus=0,maxvCpus=4,instanceTypes=m5.large,instanceRole=ecsInstanceRole,subnets=subnet-1,securityGroupIds=sg-1)" \
        "$spot"
    until_true "spot environment is VALID" spot_environment_has 'computeEnvironments[0].status' VALID
    equal "$(batch create-job-queue --job-queue-name "$spot" --priority 1 --query jobQueueName \
        --compute-environment-order "order=1,computeEnvironment=$spot" "order=2,computeEnvironment=$environment")" "$spot"
    until_true "spot queue is VALID" spot_queue_has 'jobQueues[0].status' VALID
    id=$(submit_endless "$spot")
    wait_for "$id" RUNNING
    first=$(of_job "$id" container.containerInstanceArn)
    equal "$(batch describe-compute-environments --compute-environments "$spot" --query 'computeEnvironments[0].computeResources.desiredvCpus')" 2

    control faults '{"shortage": {"purchase": "SPOT", "seconds": 600}, "reclaim": {"job": "'"$id"'", "notice": false}}'
    until_true "job runs again" runs_again "$id"
    second=${first##*/}
    equal "$(of_job "$id" '[attempts[0].statusReason, attempts[0].container.exitCode]')" \
        "Host EC2 (instance i-0${second:0:16}) terminated."$'\tNone'
    second=$(of_job "$id" container.containerInstanceArn)
    [ "${second%/*}" != "${first%/*}" ] || problem "the second attempt is in the same cluster;"
    control faults '{"shortage": null}'

    batch terminate-job --job-id "$id" --reason "seen enough"
    wait_for "$id" FAILED
    equal "$(batch update-job-queue --job-queue "$spot" --state DISABLED --query jobQueueName)" "$spot"
    until_true "spot queue is DISABLED" spot_queue_has 'jobQueues[0].[status, state]' $'VALID\tDISABLED'
    batch delete-job-queue --job-queue "$spot"
    until_true "spot queue is gone" spot_queue_has 'length(jobQueues)' 0
    equal "$(batch update-compute-environment --compute-environment "$spot" --state DISABLED --query computeEnvironmentName)" "$spot"
    until_true "spot environment is DISABLED" spot_environment_has 'computeEnvironments[0].[status, state]' $'VALID\tDISABLED'
    batch delete-compute-environment --compute-environment "$spot"
    until_true "spot environment is gone" spot_environment_has 'length(computeEnvironments)' 0
}
spot_queue_has() { queue=$name-spot queue_has "$@"; }
spot_environment_has() { environment=$name-spot environment_has "$@"; }

check_timeout() {
    [ "$COMPAT_EXECUTOR" != simulated ] || control clock '{"advance": "1m"}'
    wait_for "$timed" FAILED
    equal "$(of_job "$timed" '[statusReason, to_string(length(attempts))]')" $'Job attempt duration exceeded timeout\t1'
}

refuse_queue() {
    refused "JobQueue nope not found." submit-job --job-name a --job-queue nope --job-definition "$definition"
}

refuse_job_name() {
    refused "Error executing request, Exception : Job name should match valid pattern, RequestId: %ID%" \
        submit-job --job-name a.b --job-queue "$queue" --job-definition "$definition"
}

refuse_definition() {
    refused "JobDefinition name nope does not exist or is not in ACTIVE status." \
        submit-job --job-name a --job-queue "$queue" --job-definition nope
}

refuse_parameter() {
    refused "Unable to substitute value. No parameter found for reference nothing" \
        submit-job --job-name a --job-queue "$queue" --job-definition "$definition" --container-overrides command=echo,Ref::nothing
}

refuse_environment_name() {
    refused "Error executing request, Exception : Compute Environment name should match a valid pattern., RequestId: %ID%" \
        create-compute-environment --compute-environment-name "not a name!" --type MANAGED
}

refuse_many_ids() {
    local ids=() n
    for n in {1..101}; do ids+=("00000000-0000-4000-8000-$(printf '%012d' "$n")"); done
    refused "Error executing request, Exception : Maximum number of jobs supported is  100 ., RequestId: %ID%" describe-jobs --jobs "${ids[@]}"
}

page_definitions() {
    local first token
    first=$(batch describe-job-definitions --job-definition-name "$definition" --max-results 1 \
        --query "[nextToken, join(',', jobDefinitions[].to_string(revision))]")
    token=${first%%$'\t'*}
    equal "${first#*$'\t'}" 2 "first page"
    equal "$(batch describe-job-definitions --job-definition-name "$definition" --max-results 1 --next-token "$token" \
        --query "[nextToken, join(',', jobDefinitions[].to_string(revision))]")" $'None\t1' "second page"
    equal "$(batch describe-job-definitions --job-definition-name "$definition" --status ACTIVE --page-size 1 \
        --query 'jobDefinitions[].revision' | words)" "1 2 " "all pages"
}

page_jobs() {
    local ids=() id n page token sizes='' found=()
    for n in {0..4}; do ids+=("$(submit "page-$n" --container-overrides "$(overrides '' '["true"]')")"); done
    for id in "${ids[@]}"; do wait_for "$id" SUCCEEDED; done
    token=
    while [ "$token" != None ]; do
        page=$(batch list-jobs --job-queue "$queue" --filters "name=JOB_NAME,values=$name-page-*" --max-results 2 \
            ${token:+--next-token "$token"} --query "[nextToken, to_string(length(jobSummaryList)), join(',', jobSummaryList[].jobId)]")
        IFS=$'\t' read -r token n id <<<"$page"
        [ -n "$token" ] || { problem "a page has no answer;"; break; }
        sizes+="$n "
        found+=("$id")
    done
    equal "$sizes" "2 2 1 " "sizes of the pages"
    equal "$(tr ',' ' ' <<<"${found[*]}" | words)" "$(words <<<"${ids[*]}")" "jobs of the pages"
    # The CLI asks for page after page itself.
    page=$(batch list-jobs --job-queue "$queue" --job-status SUCCEEDED --page-size 2 --query 'jobSummaryList[].[createdAt, jobName]')
    equal "$(cut -f 2 <<<"$page" | words)" "$(printf "$name-%s\n" greeting page-{0..4} | words)" "jobs of all pages"
    equal "$(cut -f 1 <<<"$page")" "$(cut -f 1 <<<"$page" | sort -rn)" "order of the list"
}

check_tags() {
    local resource=$definition_arn:2
    batch tag-resource --resource-arn "$resource" --tags '{"with space": "a b", "path/to:x=y@z": "1+1", "plain": "ü"}'
    equal "$(batch list-tags-for-resource --resource-arn "$resource" --query 'tags.[client, "with space", "path/to:x=y@z", plain]')" \
        "$name"$'\ta b\t1+1\tü' "tags"
    batch untag-resource --resource-arn "$resource" --tag-keys "with space" "path/to:x=y@z"
    equal "$(batch list-tags-for-resource --resource-arn "$resource" --query 'tags.[client, plain, to_string(length(@))]')" \
        "$name"$'\tü\t2' "tags that are left"
    equal "$(batch list-tags-for-resource --resource-arn "$arn:job/$greeting" --query 'tags.[team, to_string(length(@))]')" $'red\t1' \
        "tags of a job"
}

share_fairly() {
    local shared=$name-shared policy=$arn:scheduling-policy/$name-shared share id
    equal "$(batch create-scheduling-policy --name "$shared" --tags team=red --query arn --fairshare-policy '{
        "shareDecaySeconds": 3600, "computeReservation": 1, "shareDistribution": [{"shareIdentifier": "User*", "weightFactor": 0.5}]}')" "$policy"
    equal "$(batch describe-scheduling-policies --arns "$policy" --query 'schedulingPolicies[0].[name, arn, tags.team,
        fairsharePolicy.[shareDecaySeconds, computeReservation, to_string(shareDistribution)]][]')" \
        "$shared"$'\t'"$policy"$'\tred\t3600\t1\t[{"shareIdentifier":"User*","weightFactor":0.5}]' policy
    equal "$(batch list-scheduling-policies --page-size 1 --query "schedulingPolicies[?arn == '$policy'].arn")" "$policy" "listed policy"
    equal "$(batch create-job-queue --job-queue-name "$shared" --priority 1 --scheduling-policy-arn "$policy" --query jobQueueName \
        --compute-environment-order "order=1,computeEnvironment=$environment")" "$shared"
    until_true "shared queue is VALID" shared_queue_has 'jobQueues[0].[status, state, schedulingPolicyArn]' $'VALID\tENABLED\t'"$policy"
    set -- --job-name "$shared" --job-queue "$shared" --job-definition "$definition" --container-overrides "$(overrides '' '["true"]')"
    refused "shareIdentifier must be specified." submit-job "$@"
    refused "Either schedulingPriority in job definition or schedulingPriorityOverride is required." submit-job "$@" --share-identifier UserA
    for share in UserA other; do
        id=$(batch submit-job "$@" --share-identifier "$share" --scheduling-priority-override 7 --query jobId)
        wait_for "$id" SUCCEEDED
        equal "$(of_job "$id" '[shareIdentifier, schedulingPriority]')" "$share"$'\t7'
        equal "$(batch list-jobs --job-queue "$shared" --job-status SUCCEEDED --filters "name=SHARE_IDENTIFIER,values=$share" \
            --query 'jobSummaryList[].jobId')" "$id" "jobs of the share"
    done
    batch update-scheduling-policy --arn "$policy" --fairshare-policy shareDecaySeconds=60
    equal "$(batch describe-scheduling-policies --arns "$policy" --query 'schedulingPolicies[0].to_string(fairsharePolicy)')" \
        '{"shareDecaySeconds":60,"shareDistribution":[]}' "updated policy"
    equal "$(batch update-job-queue --job-queue "$shared" --state DISABLED --query jobQueueName)" "$shared"
    until_true "shared queue is DISABLED" shared_queue_has 'jobQueues[0].[status, state]' $'VALID\tDISABLED'
    batch delete-job-queue --job-queue "$shared"
    until_true "shared queue is gone" shared_queue_has 'length(jobQueues)' 0
    batch delete-scheduling-policy --arn "$policy"
    equal "$(batch describe-scheduling-policies --arns "$policy" --query 'length(schedulingPolicies)')" 0 "policies that are left"
}
shared_queue_has() { queue=$name-shared queue_has "$@"; }

refuse_environment_in_use() {
    equal "$(batch update-compute-environment --compute-environment "$environment" --state DISABLED --query computeEnvironmentName)" "$environment"
    until_true "environment is DISABLED" environment_has 'computeEnvironments[0].[status, state]' $'VALID\tDISABLED'
    refused "Cannot delete, found existing JobQueue relationship." delete-compute-environment --compute-environment "$environment"
}

delete_queue() {
    equal "$(batch update-job-queue --job-queue "$queue" --state DISABLED --query jobQueueName)" "$queue"
    until_true "queue is DISABLED" queue_has 'jobQueues[0].[status, state]' $'VALID\tDISABLED'
    batch delete-job-queue --job-queue "$queue"
    until_true "queue is gone" queue_has 'length(jobQueues)' 0
}

delete_environment() {
    batch delete-compute-environment --compute-environment "$environment"
    until_true "environment is gone" environment_has 'length(computeEnvironments)' 0
}

has_failed=''
step "compute environment: CREATING, then VALID" create_environment
step "job queue: CREATING, then VALID" create_queue
step "job definition: two revisions" register
step "job: runs with overrides, parameters and tags" run_greeting
step "job: events in order" check_events
step "job: DescribeJobs has exactly the members of AWS" check_members
step "job: output through get-log-events" check_log
step "job: output through filter-log-events" check_filter
step "failing job: exit code, reason and summary" run_failing
step "retries: an attempt for each failure" run_retries
step "cancel and terminate: an unknown id succeeds" end_unknown
step "terminate: a running job ends with the given reason" terminate_running
step "spot: a reclaimed job is retried on demand" reclaim_spot
step "error: unknown queue" refuse_queue
step "error: bad job name" refuse_job_name
step "error: unknown definition" refuse_definition
step "error: parameter without a value" refuse_parameter
step "error: bad compute environment name" refuse_environment_name
step "error: more than 100 job ids" refuse_many_ids
step "paging: job definitions" page_definitions
step "paging: jobs" page_jobs
step "tags: tag, list and untag" check_tags
step "fair share: a policy, a queue with it, and jobs of shares" share_fairly
step "timeout: ends a job that is retried for lost hosts only" check_timeout
step "error: compute environment in use" refuse_environment_in_use
step "delete: queue" delete_queue
step "delete: compute environment" delete_environment
[ -z "$has_failed" ]
