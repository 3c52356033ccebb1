// The journey of compat-tests/journey.txt with the AWS SDK for JavaScript. Started by run.sh, which gives the COMPAT_ variables.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Batch, paginateDescribeJobDefinitions, paginateListJobs, paginateListSchedulingPolicies } from '@aws-sdk/client-batch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';

const { COMPAT_NAME: name, COMPAT_EXECUTOR: executor, COMPAT_IMAGE: image, COMPAT_EVENTS: eventsFile } = process.env;
const deadlineSeconds = 60;
// A retried request would hide an error of the server.
const config = { endpoint: process.env.COMPAT_ENDPOINT, region: process.env.AWS_REGION, maxAttempts: 1 };
const batch = new Batch(config);
const logs = new CloudWatchLogs(config);

const greet = 'echo "$GREETING, $1"';
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

const arn = `arn:aws:batch:${process.env.AWS_REGION}:${process.env.AWS_ACCESS_KEY_ID}`;
const environment = `${name}-environment`;
const queue = `${name}-queue`;
const definition = `${name}-definition`;
const environmentArn = `${arn}:compute-environment/${environment}`;
const queueArn = `${arn}:job-queue/${queue}`;
const definitionArn = `${arn}:job-definition/${definition}`;
let greeting;

const sameMembers = (value, expected, what) => assert.deepEqual(Object.keys(value).sort(), [...expected].sort(), what);

/** Asks until the answer is true; what it was. The pause between two questions is in milliseconds. */
async function until(what, probe, pause = 100) {
  const end = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    assert.ok(Date.now() < end, `not within ${deadlineSeconds} s: ${what}`);
    await delay(pause);
  }
}

/** The statuses that the event stream has told of a resource, in order, each once per change. */
function statuses(resource) {
  // What follows the last line end is still on its way.
  const lines = readFileSync(eventsFile, 'utf8').split('\n').slice(0, -1);
  return lines
    .filter((line) => line.startsWith('data: ') && line.includes(resource))
    .map((line) => JSON.parse(line.slice(6)))
    .filter((event) => event.resources[0] === resource)
    .map((event) => event.detail.status)
    .filter((status, index, all) => status !== all[index - 1]);
}

async function describe(jobId) {
  const { jobs } = await batch.describeJobs({ jobs: [jobId] });
  assert.equal(jobs.length, 1);
  return jobs[0];
}

const waitFor = (jobId, wanted, pause) => until(`job is ${wanted}`, async () => {
  const job = await describe(jobId);
  if (job.status === wanted) return job;
  assert.ok(!['SUCCEEDED', 'FAILED'].includes(job.status), `job is ${job.status}: ${job.statusReason}, ${JSON.stringify(job.container)}`);
  return undefined;
}, pause);

/** Container overrides; where jobs are simulated, with the variables that say what the command would do. */
function overrides(simulated, { command, variables = {} }) {
  const all = executor === 'simulated' ? { ...variables, ...simulated } : variables;
  return { command, environment: Object.entries(all).map(([key, value]) => ({ name: key, value })) };
}

const submit = (job, members) =>
  batch.submitJob({ jobName: `${name}-${job}`, jobQueue: queue, jobDefinition: definition, ...members });

/** The request must be refused with a ClientException of this message, which is made from the request id. */
async function refused(request, message) {
  const error = await request.then(() => assert.fail('the request was not refused'), (reason) => reason);
  assert.equal(error.name, 'ClientException');
  assert.equal(error.$metadata?.httpStatusCode, 400);
  assert.equal(error.message, message(error.$metadata.requestId));
}

const wrapped = (detail) => (requestId) => `Error executing request, Exception : ${detail}, RequestId: ${requestId}`;

async function environments() {
  return (await batch.describeComputeEnvironments({ computeEnvironments: [environment] })).computeEnvironments;
}

async function queues(queueName = queue) {
  return (await batch.describeJobQueues({ jobQueues: [queueName] })).jobQueues;
}

const settled = (what, describeThem, state) => until(`${what} is VALID and ${state}`, async () =>
  (await describeThem()).find((detail) => detail.status === 'VALID' && detail.state === state));

test('compute environment: CREATING, then VALID', async () => {
  const created = await batch.createComputeEnvironment({
    computeEnvironmentName: environment,
    type: 'MANAGED',
    computeResources: {
      type: 'EC2', minvCpus: 0, maxvCpus: 256, instanceTypes: ['optimal'], instanceRole: 'ecsInstanceRole',
      subnets: ['subnet-1'], securityGroupIds: ['sg-1'],
    },
  });
  assert.equal(created.computeEnvironmentArn, environmentArn);
  const detail = await settled('environment', environments, 'ENABLED');
  assert.equal(detail.statusReason, 'ComputeEnvironment Healthy');
  await until('events are CREATING, VALID', () => statuses(environmentArn).join() === 'CREATING,VALID');
});

test('job queue: CREATING, then VALID', async () => {
  const created = await batch.createJobQueue({
    jobQueueName: queue, priority: 1, computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment }],
  });
  assert.equal(created.jobQueueArn, queueArn);
  const detail = await settled('queue', queues, 'ENABLED');
  assert.equal(detail.statusReason, 'JobQueue Healthy');
  assert.deepEqual(detail.computeEnvironmentOrder, [{ order: 1, computeEnvironment: environmentArn }]);
  await until('events are CREATING, VALID', () => statuses(queueArn).join() === 'CREATING,VALID');
});

test('job definition: two revisions', async () => {
  for (const revision of [1, 2]) {
    const registered = await batch.registerJobDefinition({
      jobDefinitionName: definition,
      type: 'container',
      parameters: { who: 'nobody' },
      tags: { client: name },
      containerProperties: {
        image,
        command: ['sh', '-c', greet, 'sh', 'Ref::who'],
        environment: [{ name: 'GREETING', value: 'none' }],
        resourceRequirements: [{ type: 'VCPU', value: '1' }, { type: 'MEMORY', value: '64' }],
      },
    });
    assert.equal(registered.revision, revision);
    assert.equal(registered.jobDefinitionArn, `${definitionArn}:${revision}`);
  }
});

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

test('error: unknown queue', () => refused(
  batch.submitJob({ jobName: 'a', jobQueue: 'nope', jobDefinition: definition }),
  () => 'JobQueue nope not found.',
));

test('error: bad job name', () => refused(
  batch.submitJob({ jobName: 'a.b', jobQueue: queue, jobDefinition: definition }),
  wrapped('Job name should match valid pattern'),
));

test('error: unknown definition', () => refused(
  batch.submitJob({ jobName: 'a', jobQueue: queue, jobDefinition: 'nope' }),
  () => 'JobDefinition name nope does not exist or is not in ACTIVE status.',
));

test('error: parameter without a value', () => refused(
  batch.submitJob({ jobName: 'a', jobQueue: queue, jobDefinition: definition, containerOverrides: { command: ['echo', 'Ref::nothing'] } }),
  () => 'Unable to substitute value. No parameter found for reference nothing',
));

test('error: bad compute environment name', () => refused(
  batch.createComputeEnvironment({ computeEnvironmentName: 'not a name!', type: 'MANAGED' }),
  wrapped('Compute Environment name should match a valid pattern.'),
));

test('error: more than 100 job ids', () => refused(
  batch.describeJobs({ jobs: Array.from({ length: 101 }, () => randomUUID()) }),
  wrapped('Maximum number of jobs supported is  100 .'),
));

test('paging: job definitions', async () => {
  const first = await batch.describeJobDefinitions({ jobDefinitionName: definition, maxResults: 1 });
  const second = await batch.describeJobDefinitions({ jobDefinitionName: definition, maxResults: 1, nextToken: first.nextToken });
  assert.deepEqual([...first.jobDefinitions, ...second.jobDefinitions].map((d) => d.revision), [2, 1]);
  assert.equal(second.nextToken, undefined);
  const revisions = [];
  for await (const page of paginateDescribeJobDefinitions(
    { client: batch, pageSize: 1 }, { jobDefinitionName: definition, status: 'ACTIVE' })) {
    revisions.push(...page.jobDefinitions.map((d) => d.revision));
  }
  assert.deepEqual(revisions, [2, 1]);
});

test('paging: jobs', async () => {
  const submitted = [];
  for (let n = 0; n < 5; n++) {
    submitted.push(await submit(`page-${n}`, { containerOverrides: overrides({}, { command: ['true'] }) }));
  }
  for (const { jobId } of submitted) await waitFor(jobId, 'SUCCEEDED');
  const filters = [{ name: 'JOB_NAME', values: [`${name}-page-*`] }];
  const sizes = [];
  const ids = [];
  let nextToken;
  do {
    const page = await batch.listJobs({ jobQueue: queue, filters, maxResults: 2, nextToken });
    sizes.push(page.jobSummaryList.length);
    ids.push(...page.jobSummaryList.map((job) => job.jobId));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  assert.deepEqual(sizes, [2, 2, 1], 'sizes of the pages');
  assert.deepEqual(ids.sort(), submitted.map((job) => job.jobId).sort());
  const found = [];
  for await (const page of paginateListJobs({ client: batch, pageSize: 2 }, { jobQueue: queue, jobStatus: 'SUCCEEDED' })) {
    found.push(...page.jobSummaryList);
  }
  assert.deepEqual(found.map((job) => job.jobName).sort(), [`${name}-greeting`, ...submitted.map((job) => job.jobName)].sort());
  const created = found.map((job) => job.createdAt);
  assert.deepEqual(created, [...created].sort((a, b) => b - a), 'order of the list');
});

test('tags: tag, list and untag', async () => {
  const resourceArn = `${definitionArn}:2`;
  const added = { 'with space': 'a b', 'path/to:x=y@z': '1+1', plain: 'ü' };
  await batch.tagResource({ resourceArn, tags: added });
  assert.deepEqual({ ...(await batch.listTagsForResource({ resourceArn })).tags }, { client: name, ...added });
  await batch.untagResource({ resourceArn, tagKeys: ['with space', 'path/to:x=y@z'] });
  assert.deepEqual({ ...(await batch.listTagsForResource({ resourceArn })).tags }, { client: name, plain: 'ü' });
  assert.deepEqual({ ...(await batch.listTagsForResource({ resourceArn: greeting.jobArn })).tags }, { team: 'red' });
});

/** The children of an array that have succeeded, by index. */
async function children(arrayJobId) {
  const byIndex = [];
  for await (const page of paginateListJobs({ client: batch }, { arrayJobId, jobStatus: 'SUCCEEDED' })) {
    for (const child of page.jobSummaryList) byIndex[child.arrayProperties.index] = child;
  }
  return byIndex;
}

test('pipeline: an array, its pairs, and a job after them', async () => {
  const size = executor === 'simulated' ? 1000 : 50;
  const isChild = `test "$AWS_BATCH_JOB_ARRAY_SIZE" = ${size} && test "$AWS_BATCH_JOB_ARRAY_INDEX" -lt ${size}`;
  const array = { arrayProperties: { size }, containerOverrides: overrides({}, { command: ['sh', '-c', isChild] }) };
  const alone = { containerOverrides: overrides({}, { command: ['sh', '-c', 'test -z "$AWS_BATCH_JOB_ARRAY_INDEX"'] }) };
  const began = performance.now();
  const first = await submit('first', array);
  const second = await submit('second', { ...array, dependsOn: [{ jobId: first.jobId, type: 'N_TO_N' }] });
  const last = await submit('last', { ...alone, dependsOn: [{ jobId: second.jobId }] });
  const end = await waitFor(last.jobId, 'SUCCEEDED', 10);
  const seconds = (performance.now() - began) / 1000;
  assert.ok(executor !== 'simulated' || seconds < 2, `it took ${seconds.toFixed(2)} s`);
  for (const { jobId } of [first, second]) {
    const { status, arrayProperties } = await describe(jobId);
    assert.equal(status, 'SUCCEEDED');
    assert.equal(arrayProperties.statusSummary.SUCCEEDED, size);
  }
  const [before, after] = [await children(first.jobId), await children(second.jobId)];
  assert.deepEqual([before.length, after.length], [size, size], 'number of children');
  for (let index = 0; index < size; index++) {
    assert.ok(before[index].stoppedAt <= after[index].startedAt && after[index].startedAt <= end.startedAt, `pair ${index}`);
  }
});

test('fair share: a policy, a queue with it, and jobs of shares', async () => {
  const shared = `${name}-shared`;
  const fairsharePolicy = { shareDecaySeconds: 3600, computeReservation: 1, shareDistribution: [{ shareIdentifier: 'User*', weightFactor: 0.5 }] };
  const policy = (await batch.createSchedulingPolicy({ name: shared, fairsharePolicy, tags: { team: 'red' } })).arn;
  assert.equal(policy, `${arn}:scheduling-policy/${shared}`);
  const shown = async () => (await batch.describeSchedulingPolicies({ arns: [policy] })).schedulingPolicies;
  assert.deepEqual(await shown(), [{ name: shared, arn: policy, fairsharePolicy, tags: { team: 'red' } }]);
  const listed = [];
  for await (const page of paginateListSchedulingPolicies({ client: batch, pageSize: 1 }, {})) listed.push(...page.schedulingPolicies);
  assert.ok(listed.some((listing) => listing.arn === policy));
  await batch.createJobQueue({
    jobQueueName: shared, priority: 1, schedulingPolicyArn: policy, computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment }],
  });
  const sharedQueue = () => queues(shared);
  assert.equal((await settled('shared queue', sharedQueue, 'ENABLED')).schedulingPolicyArn, policy);
  const job = { jobName: shared, jobQueue: shared, jobDefinition: definition, containerOverrides: overrides({}, { command: ['true'] }) };
  await refused(batch.submitJob(job), () => 'shareIdentifier must be specified.');
  await refused(
    batch.submitJob({ ...job, shareIdentifier: 'UserA' }),
    () => 'Either schedulingPriority in job definition or schedulingPriorityOverride is required.',
  );
  for (const shareIdentifier of ['UserA', 'other']) {
    const { jobId } = await batch.submitJob({ ...job, shareIdentifier, schedulingPriorityOverride: 7 });
    const done = await waitFor(jobId, 'SUCCEEDED');
    assert.deepEqual([done.shareIdentifier, done.schedulingPriority], [shareIdentifier, 7]);
    const filters = [{ name: 'SHARE_IDENTIFIER', values: [shareIdentifier] }];
    const { jobSummaryList } = await batch.listJobs({ jobQueue: shared, jobStatus: 'SUCCEEDED', filters });
    assert.deepEqual(jobSummaryList.map((summary) => summary.jobId), [jobId]);
  }
  await batch.updateSchedulingPolicy({ arn: policy, fairsharePolicy: { shareDecaySeconds: 60 } });
  assert.deepEqual((await shown())[0].fairsharePolicy, { shareDecaySeconds: 60, shareDistribution: [] });
  await assert.rejects(batch.deleteSchedulingPolicy({ arn: policy }), { name: 'ClientException' });
  await batch.updateJobQueue({ jobQueue: shared, state: 'DISABLED' });
  await settled('shared queue', sharedQueue, 'DISABLED');
  await batch.deleteJobQueue({ jobQueue: shared });
  await until('shared queue is gone', async () => (await sharedQueue()).length === 0);
  await batch.deleteSchedulingPolicy({ arn: policy });
  assert.deepEqual(await shown(), []);
});

test('service jobs: an environment, a queue of it, and a training job', async () => {
  const training = `${name}-training`;
  const capacityLimits = [{ capacityUnit: 'NUM_INSTANCES', maxCapacity: 2 }];
  const created = await batch.createServiceEnvironment({ serviceEnvironmentName: training, serviceEnvironmentType: 'SAGEMAKER_TRAINING', capacityLimits });
  assert.equal(created.serviceEnvironmentArn, `${arn}:service-environment/${training}`);
  const serviceEnvironments = async () => (await batch.describeServiceEnvironments({ serviceEnvironments: [training] })).serviceEnvironments;
  assert.deepEqual((await settled('service environment', serviceEnvironments, 'ENABLED')).capacityLimits, capacityLimits);
  await batch.createJobQueue({
    jobQueueName: training, jobQueueType: 'SAGEMAKER_TRAINING', priority: 1, serviceEnvironmentOrder: [{ order: 1, serviceEnvironment: training }],
    jobStateTimeLimitActions: [{ state: 'RUNNABLE', action: 'TERMINATE', reason: 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY', maxTimeSeconds: 600 }],
  });
  const trainingQueue = () => queues(training);
  const shown = await settled('training queue', trainingQueue, 'ENABLED');
  assert.deepEqual([shown.computeEnvironmentOrder, shown.serviceEnvironmentOrder[0].serviceEnvironment], [[], created.serviceEnvironmentArn]);
  const request = {
    TrainingJobName: 'fit',
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: 'File', ContainerEntrypoint: ['sh', '-c'], ContainerArguments: ['echo "epoch $EPOCH"'] },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 2, VolumeSizeInGB: 1 },
    Environment: { EPOCH: '1', ...(executor === 'simulated' ? { SIMULATE_OUTPUT: 'epoch 1' } : {}) },
  };
  const { jobId, jobArn } = await batch.submitServiceJob({
    jobName: training, jobQueue: training, serviceJobType: 'SAGEMAKER_TRAINING', serviceRequestPayload: JSON.stringify(request), timeoutConfig: { attemptDurationSeconds: 60 },
  });
  assert.equal(jobArn, `${arn}:service-job/${jobId}`);
  const done = await until('service job has ended', async () => {
    const job = await batch.describeServiceJob({ jobId });
    return ['SUCCEEDED', 'FAILED'].includes(job.status) && job;
  });
  assert.deepEqual([done.status, done.statusReason], ['SUCCEEDED', 'Received status from SageMaker: Training job completed']);
  await until('events of the service job', async () => statuses(jobArn).at(-1) === 'SUCCEEDED');
  assert.deepEqual(statuses(jobArn), ['RUNNABLE', 'SCHEDULED', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  const trainingJob = done.latestAttempt.serviceResourceId.value.split('/')[1];
  const { events } = await logs.filterLogEvents({ logGroupName: '/aws/sagemaker/TrainingJobs', logStreamNamePrefix: trainingJob });
  assert.deepEqual(events.map((event) => event.message), ['epoch 1']);
  const listed = (await batch.listServiceJobs({ jobQueue: training, jobStatus: 'SUCCEEDED' })).jobSummaryList;
  assert.deepEqual(listed.map((summary) => [summary.jobId, summary.latestAttempt.serviceResourceId.name]), [[jobId, 'TrainingJobArn']]);
  await batch.terminateServiceJob({ jobId, reason: 'too late to matter' });
  await batch.updateJobQueue({ jobQueue: training, state: 'DISABLED' });
  await settled('training queue', trainingQueue, 'DISABLED');
  await batch.deleteJobQueue({ jobQueue: training });
  await until('training queue is gone', async () => (await trainingQueue()).length === 0);
  await batch.updateServiceEnvironment({ serviceEnvironment: training, state: 'DISABLED' });
  await settled('service environment', serviceEnvironments, 'DISABLED');
  await batch.deleteServiceEnvironment({ serviceEnvironment: training });
  await until('service environment is gone', async () => (await serviceEnvironments()).length === 0);
});

test('error: compute environment in use', async () => {
  await batch.updateComputeEnvironment({ computeEnvironment: environment, state: 'DISABLED' });
  await settled('environment', environments, 'DISABLED');
  await refused(
    batch.deleteComputeEnvironment({ computeEnvironment: environment }),
    () => 'Cannot delete, found existing JobQueue relationship.',
  );
});

test('delete: queue', async () => {
  await batch.updateJobQueue({ jobQueue: queue, state: 'DISABLED' });
  await settled('queue', queues, 'DISABLED');
  await batch.deleteJobQueue({ jobQueue: queue });
  await until('queue is gone', async () => (await queues()).length === 0);
});

test('delete: compute environment', async () => {
  await batch.deleteComputeEnvironment({ computeEnvironment: environment });
  await until('environment is gone', async () => (await environments()).length === 0);
});
