// Jobs, from their submission to their end.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  arn, batch, definition, definitionArn, greet, logs, overrides, queue, queueArn, statuses, submit, until, waitFor,
} from './client.mjs';

const jobMembers = [
  'jobArn', 'jobName', 'jobId', 'jobQueue', 'status', 'attempts', 'statusReason', 'createdAt', 'startedAt', 'stoppedAt',
  'dependsOn', 'jobDefinition', 'parameters', 'container', 'tags', 'platformCapabilities', 'eksAttempts',
];
const containerMembers = [
  'image', 'command', 'volumes', 'environment', 'mountPoints', 'ulimits', 'networkInterfaces', 'resourceRequirements', 'secrets',
  'exitCode', 'containerInstanceArn', 'taskArn', 'logStreamName',
];
const attemptMembers = ['container', 'startedAt', 'stoppedAt', 'statusReason'];
const attemptContainerMembers = ['containerInstanceArn', 'taskArn', 'exitCode', 'logStreamName', 'networkInterfaces'];

const sameMembers = (value, expected, what) => assert.deepEqual(Object.keys(value).sort(), [...expected].sort(), what);

export let greeting;

test('job: runs with overrides, parameters and tags', async () => {
  const submitted = await submit('greeting', {
    containerOverrides: overrides({ SIMULATE_OUTPUT: 'Grüße, world' }, { variables: { GREETING: 'Grüße' } }),
    parameters: { who: 'world' },
    tags: { team: 'red' },
  });
  assert.equal(submitted.jobArn, `${arn}:job/${submitted.jobId}`);
  greeting = await waitFor(submitted.jobId, 'SUCCEEDED');
  assert.equal(greeting.jobDefinition, `${definitionArn}:2`);
  assert.equal(greeting.jobQueue, queueArn);
  assert.deepEqual(greeting.parameters, { who: 'world' });
  assert.deepEqual(greeting.tags, { team: 'red' });
  assert.equal(greeting.statusReason, 'Essential container in task exited');
  assert.deepEqual(greeting.container.command, ['sh', '-c', greet, 'sh', 'world']);
  assert.equal(greeting.container.exitCode, 0);
  assert.equal(greeting.container.environment.find((variable) => variable.name === 'GREETING').value, 'Grüße');
  assert.ok(greeting.createdAt <= greeting.startedAt && greeting.startedAt <= greeting.stoppedAt);
});

test('job: events in order', async () => {
  await until('last event is SUCCEEDED', () => statuses(greeting.jobArn).at(-1) === 'SUCCEEDED');
  assert.deepEqual(statuses(greeting.jobArn), ['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
});

test('job: DescribeJobs has exactly the members of AWS', () => {
  sameMembers(greeting, jobMembers, 'job');
  sameMembers(greeting.container, containerMembers, 'container');
  assert.equal(greeting.attempts.length, 1);
  sameMembers(greeting.attempts[0], attemptMembers, 'attempt');
  sameMembers(greeting.attempts[0].container, attemptContainerMembers, 'container of the attempt');
  const { dependsOn, platformCapabilities, eksAttempts } = greeting;
  assert.deepEqual({ dependsOn, platformCapabilities, eksAttempts }, { dependsOn: [], platformCapabilities: [], eksAttempts: [] });
});

test('job: output through get-log-events', async () => {
  const { logStreamName } = greeting.container;
  assert.ok(logStreamName.startsWith(`${definition}/default/`), logStreamName);
  const events = await until('log has lines', async () => {
    const answer = await logs.getLogEvents({ logGroupName: '/aws/batch/job', logStreamName, startFromHead: true });
    return answer.events.length > 0 && answer.events;
  });
  assert.deepEqual(events.map((event) => event.message), ['Grüße, world']);
});

test('job: output through filter-log-events', async () => {
  const messages = async (filterPattern) => {
    const answer = await logs.filterLogEvents({
      logGroupName: '/aws/batch/job', logStreamNames: [greeting.container.logStreamName], filterPattern,
    });
    return answer.events.map((event) => event.message);
  };
  assert.deepEqual(await messages('world'), ['Grüße, world']);
  assert.deepEqual(await messages('moon'), []);
});

test('failing job: exit code, reason and summary', async () => {
  const { jobId } = await submit('failing', {
    containerOverrides: overrides({ SIMULATE_EXIT_CODE: '3' }, { command: ['sh', '-c', 'exit 3'] }),
    timeout: { attemptDurationSeconds: 60 },
  });
  const job = await waitFor(jobId, 'FAILED');
  assert.equal(job.statusReason, 'Essential container in task exited');
  assert.equal(job.container.exitCode, 3);
  assert.deepEqual(job.timeout, { attemptDurationSeconds: 60 });
  sameMembers(job, [...jobMembers, 'timeout'], 'job');
  const { jobSummaryList } = await batch.listJobs({ jobQueue: queue, jobStatus: 'FAILED' });
  assert.deepEqual(jobSummaryList.map((summary) => summary.jobId), [jobId]);
  assert.deepEqual(jobSummaryList[0].container, { exitCode: 3 });
  assert.equal(jobSummaryList[0].jobDefinition, undefined);
});

test('retries: an attempt for each failure', async () => {
  const { jobId } = await submit('retries', {
    containerOverrides: overrides({ SIMULATE_EXIT_CODE: '3' }, { command: ['sh', '-c', 'exit 3'] }),
    retryStrategy: { attempts: 2 },
  });
  const job = await waitFor(jobId, 'FAILED');
  assert.deepEqual(job.attempts.map((attempt) => attempt.container.exitCode), [3, 3]);
  assert.notEqual(job.attempts[0].container.logStreamName, job.attempts[1].container.logStreamName);
  assert.deepEqual(job.retryStrategy, { attempts: 2, evaluateOnExit: [] });
  await until('last event is FAILED', () => statuses(job.jobArn).at(-1) === 'FAILED');
  const once = ['RUNNABLE', 'STARTING', 'RUNNING'];
  assert.deepEqual(statuses(job.jobArn), [...once, ...once, 'FAILED']);
});

test('cancel and terminate: an unknown id succeeds', async () => {
  await batch.cancelJob({ jobId: randomUUID(), reason: 'nothing there' });
  await batch.terminateJob({ jobId: randomUUID(), reason: 'nothing there' });
});

test('terminate: a running job ends with the given reason', async () => {
  const reason = 'stopped by hand: "100 %" sure';
  // A shell that is process 1 of a container ignores SIGTERM unless it traps it.
  const command = ['sh', '-c', 'trap "exit 143" TERM; sleep 300 & wait'];
  const { jobId } = await submit('endless', { containerOverrides: overrides({ SIMULATE_RUN_FOR: '300' }, { command }) });
  await waitFor(jobId, 'RUNNING');
  await batch.terminateJob({ jobId, reason });
  const job = await waitFor(jobId, 'FAILED');
  assert.equal(job.statusReason, reason);
  assert.equal(job.attempts[0].statusReason, reason);
  assert.ok([137, 143].includes(job.container.exitCode), `exit code ${job.container.exitCode}`);
  assert.equal(job.isTerminated, true);
  assert.equal(job.isCancelled, undefined);
});
