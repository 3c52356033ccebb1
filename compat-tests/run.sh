#!/usr/bin/env bash
# Drives the published server with third-party clients, each on the same journey (journey.txt), with the requests of clients that
# cannot be installed everywhere (replays.txt), and with the commands of the documentation (documentation.txt), once for each executor.
#
#   compat-tests/run.sh [--server FILE] [--executors docker,process,simulated] [--storage sqlite|litedb] [aws-cli|boto3|javascript|replays|documentation ...]
#
# Missing clients are skipped with the reason; with COMPAT_REQUIRE=1 they are failures. Ends with the line
# "N passed, N failed, N skipped". Uses free ports and temporary folders, and stops only its own processes.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
deadline_seconds=60
executors=docker,process,simulated
storage=sqlite
program=''
clients=()
while [ $# -gt 0 ]; do
    case $1 in
        --server) program=$(realpath "${2:?--server needs a file}"); shift 2 ;;
        --executors) executors=${2:?--executors needs a list}; shift 2 ;;
        --storage) storage=${2:?--storage needs a name}; shift 2 ;;
        aws-cli | boto3 | javascript | replays | documentation) clients+=("$1"); shift ;;
        *) echo "usage: $0 [--server FILE] [--executors docker,process,simulated] [--storage sqlite|litedb] [aws-cli|boto3|javascript|replays|documentation ...]" >&2; exit 2 ;;
    esac
done
for executor in ${executors//,/ }; do
    case $executor in docker | process | simulated) ;; *) echo "no such executor: $executor" >&2; exit 2 ;; esac
done
[ ${#clients[@]} -gt 0 ] || clients=(aws-cli boto3 javascript replays documentation)

passed=0 failed=0 skipped=0
ok() { passed=$((passed + 1)); echo "ok $1"; }
bad() { failed=$((failed + 1)); echo "FAILED $1"; }
missing() { # what reason
    if [ "${COMPAT_REQUIRE:-}" = 1 ]; then bad "$1: $2"; else skipped=$((skipped + 1)); echo "skipped $1 ($2)"; fi
}

work=$(mktemp -d)
image=batch-emulator-compat:$(basename "$work" | tr '[:upper:]' '[:lower:]' | tr -c 'a-z0-9\n' '-')
server='' reader='' has_image=''
clean_up() {
    stop_reader
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
    # An interrupted run leaves containers, since a restarted server would take them over.
    if [ -f "$work/docker.events" ]; then own_containers | xargs --no-run-if-empty docker rm --force >/dev/null 2>&1 || true; fi
    [ -z "$has_image" ] || docker rmi --force "$image" >/dev/null 2>&1 || true
    rm -rf "$work"
}
stop_reader() {
    [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
    reader=''
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# until_true SECONDS COMMAND...: repeats the command until it succeeds.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}
has_ended() { ! kill -0 "$1" 2>/dev/null; }

# Prints the obstacle to running a client, or nothing.
client_problem() {
    case $1 in
        aws-cli) command -v aws >/dev/null || echo "aws is not on the PATH" ;;
        boto3) [ -n "$(python_with_boto3)" ] || echo "no python3 with boto3" ;;
        javascript) javascript_problem ;;
        replays) command -v python3 >/dev/null || echo "python3 is not on the PATH" ;;
        documentation) { client_problem aws-cli; client_problem boto3; client_problem javascript; } | head -n 1 ;;
    esac
}

# Another python3 may precede the distribution's, to which the package python3-boto3 belongs.
python_with_boto3() {
    local python
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import boto3' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
}

javascript_problem() {
    local folder=$here/javascript
    command -v node >/dev/null || { echo "node is not on the PATH"; return; }
    if ! [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
        command -v npm >/dev/null || { echo "npm is not on the PATH"; return; }
        (cd "$folder" && npm ci --no-audit --no-fund) >"$work/npm.log" 2>&1 || { tail -n 20 "$work/npm.log" >&2; echo "npm ci fails"; }
    fi
}

# A client that hangs must not block the others.
start_client() {
    local limit=(timeout --kill-after=10 10m)
    case $1 in
        aws-cli) "${limit[@]}" bash "$here/aws-cli/journey.sh" ;;
        boto3) "${limit[@]}" "$(python_with_boto3)" "$here/boto3/journey.py" ;;
        javascript) (cd "$here/javascript" && "${limit[@]}" node --test-reporter=./reporter.mjs journey.mjs) ;;
        # The checks are boto3's, and need nothing but Python.
        replays) PYTHONPATH=$here/boto3 "${limit[@]}" python3 "$here/replays/replays.py" ;;
        documentation) PYTHONPATH=$here/boto3 "${limit[@]}" "$(python_with_boto3)" "$here/documentation/commands.py" ;;
    esac
}

# A client must find only the settings given here: neither the user's credentials nor their endpoints.
client_environment() {
    unset "${!AWS_@}" http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
    # The server takes the account from a 12-digit access key, and the region from the request's signature.
    export AWS_ACCESS_KEY_ID=123456789012 AWS_SECRET_ACCESS_KEY=secret AWS_DEFAULT_REGION=eu-west-3 AWS_REGION=eu-west-3
    export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_EC2_METADATA_DISABLED=true AWS_PAGER=''
    export LC_ALL=C.UTF-8 PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=$work
}

steps_of() {
    case $1 in
        replays | documentation) grep -v '^#' "$here/$1.txt" ;;
        *) grep -v '^#' "$here/journey.txt" ;;
    esac
}

# Runs a client and counts the lines that it writes: "ok STEP", "FAILED STEP: why", "skipped STEP (reason)".
run_client() { # executor client
    local label="$1/$2" errors="$work/$1-$2.err" line step status='' reported=$'\n' failed_before=$failed
    while IFS= read -r line; do
        case $line in
            "ok "*) ok "$label: ${line#ok }" ;;
            "FAILED "*) bad "$label: ${line#FAILED }" ;;
            "skipped "*) skipped=$((skipped + 1)); echo "skipped $label: ${line#skipped }" ;;
            "ended with "*) status=${line#ended with } ;;
        esac
        reported+=$line$'\n'
    done < <(
        client_environment
        export COMPAT_ENDPOINT=$address COMPAT_EXECUTOR=$1 COMPAT_NAME=$2 COMPAT_IMAGE=$image COMPAT_EVENTS=$work/$1.events
        set +e
        start_client "$2" 2>"$errors" </dev/null
        echo "ended with $?"
    )
    while IFS= read -r step; do
        if [[ $step =~ ^\[(.*)\]\ (.*)$ ]]; then
            step=${BASH_REMATCH[2]}
            [[ " ${BASH_REMATCH[1]} " == *" $2 "* ]] || continue
        fi
        case $reported in
            *$'\n'"ok $step"$'\n'* | *$'\n'"FAILED $step: "* | *$'\n'"skipped $step ("*) ;;
            *) bad "$label: $step: the client did not report it" ;;
        esac
    done < <(steps_of "$2")
    if [ "$failed" -eq "$failed_before" ] && [ "$status" != 0 ]; then bad "$label: the client ended with $status"; fi
    if [ "$failed" -ne "$failed_before" ]; then tail -n 100 "$errors" | sed "s|^|    $label: |" >&2; fi
}

# An image of busybox alone, built here, since no registry may be reachable.
make_image() {
    local busybox
    busybox=$(command -v busybox) || { echo "no busybox (Debian: busybox-static) to make an image of"; return; }
    mkdir -p "$work/rootfs/bin" "$work/rootfs/tmp"
    cp "$busybox" "$work/rootfs/bin/busybox"
    local applet
    for applet in sh echo sleep true; do ln -s busybox "$work/rootfs/bin/$applet"; done
    tar -C "$work/rootfs" -c . | docker import --change 'ENV PATH=/bin' - "$image" >/dev/null 2>"$work/import.log" \
        || { cat "$work/import.log" >&2; echo "docker import fails"; }
}

executor_problem() {
    case $1 in
        docker)
            command -v docker >/dev/null || { echo "docker is not on the PATH"; return; }
            docker version >/dev/null 2>&1 || { echo "no Docker engine answers"; return; }
            make_image
            ;;
    esac
}

is_listening() { has_ended "$server" || grep -qs 'listening on http' "$1"; }
reads_events() { grep -qs '^: connected' "$1"; }

start_server() { # executor
    local log="$work/$1.log"
    # The queue of --bootstrap is the one that the README submits to; it is in a separate account.
    TMPDIR=$work "$program" --executor "$1" --storage "$storage" --data "$work/$1.data" --port 0 --bootstrap >"$log" 2>&1 </dev/null &
    server=$!
    until_true "$deadline_seconds" is_listening "$log" || true
    address=$(sed -n 's|.*listening on \(http://[0-9.:]*\).*|\1|p' "$log" | head -n 1)
    [ -n "$address" ] || { cat "$log" >&2; return 1; }
    # The journeys read the states of a job from this file. HTTP/1.0: the response comes without chunks.
    local authority=${address#http://}
    (
        exec 3<>"/dev/tcp/${authority%:*}/${authority##*:}"
        printf 'GET /_emulator/events HTTP/1.0\r\nHost: %s\r\n\r\n' "$authority" >&3
        exec cat <&3
    ) >"$work/$1.events" 2>/dev/null &
    reader=$!
    until_true "$deadline_seconds" reads_events "$work/$1.events"
}

# The containers of this server's jobs, which the event stream has named: other servers may use the same engine.
own_containers() {
    grep -oE '"jobId":"[0-9a-f-]{36}' "$work/docker.events" | cut -d '"' -f 4 | sort -u >"$work/docker.jobs" || true
    docker ps --all --filter label=batch-emulator.instance --format '{{.Label "batch-emulator.job-id"}} {{.ID}}' \
        | grep -F -f "$work/docker.jobs" | cut -d ' ' -f 2 || true
}
nothing_left() { [ -z "$(own_containers)" ]; }

check_containers() {
    if ! grep -q '"RUNNING"' "$work/docker.events"; then
        bad "docker: no container is left: no job has run"
    elif until_true "$deadline_seconds" nothing_left; then
        ok "docker: no container is left"
    else
        bad "docker: no container is left: $(own_containers | tr '\n' ' ')"
    fi
}

stop_server() { # executor
    stop_reader
    kill -TERM "$server"
    local status=0
    if until_true "$deadline_seconds" has_ended "$server"; then
        wait "$server" || status=$?
        if [ "$status" -eq 0 ]; then ok "$1: the server ends"; else bad "$1: the server ends: with $status"; tail -n 50 "$work/$1.log" >&2; fi
    else
        bad "$1: the server ends: not within $deadline_seconds s after SIGTERM"
        kill -KILL "$server"
    fi
    server=''
}

run_executor() {
    local client problem
    [ "$1" != docker ] || has_image=perhaps
    problem=$(executor_problem "$1")
    if [ -n "$problem" ]; then missing "$1" "$problem"; return; fi
    if ! start_server "$1"; then bad "$1: the server starts"; return; fi
    ok "$1: the server starts"
    for client in "${clients[@]}"; do
        if [ -n "${problems[$client]}" ]; then missing "$1/$client" "${problems[$client]}"; else run_client "$1" "$client"; fi
    done
    [ "$1" != docker ] || check_containers
    stop_server "$1"
}

publish_server() {
    echo "publishing the server"
    program=$work/server/batch-emulator
    dotnet publish "$here/../src/BatchEmulator.Server" --configuration Release -p:PublishAot=false --output "$work/server" --nologo \
        >"$work/publish.log" 2>&1 || { tail -n 50 "$work/publish.log" >&2; return 1; }
}

if [ -n "$program" ] || publish_server; then
    declare -A problems
    for client in "${clients[@]}"; do problems[$client]=$(client_problem "$client"); done
    for executor in ${executors//,/ }; do run_executor "$executor"; done
else
    bad "dotnet publish"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
