// The clients of the journey, the names of its resources, and the calls that many of its steps make.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Batch } from '@aws-sdk/client-batch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';

export const { COMPAT_NAME: name, COMPAT_EXECUTOR: executor, COMPAT_IMAGE: image } = process.env;
const deadlineSeconds = 60;
// A retried request would hide an error of the server.
const config = { endpoint: process.env.COMPAT_ENDPOINT, region: process.env.AWS_REGION, maxAttempts: 1 };
export const batch = new Batch(config);
export const logs = new CloudWatchLogs(config);

export const greet = 'echo "$GREETING, $1"';

export const arn = `arn:aws:batch:${process.env.AWS_REGION}:${process.env.AWS_ACCESS_KEY_ID}`;
export const environment = `${name}-environment`;
export const queue = `${name}-queue`;
export const definition = `${name}-definition`;
export const environmentArn = `${arn}:compute-environment/${environment}`;
export const queueArn = `${arn}:job-queue/${queue}`;
export const definitionArn = `${arn}:job-definition/${definition}`;

/** Asks until the answer is true; what it was. The pause between two questions is in milliseconds. */
export async function until(what, probe, pause = 100) {
  const end = Date.now() + deadlineSeconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    assert.ok(Date.now() < end, `not within ${deadlineSeconds} s: ${what}`);
    await delay(pause);
  }
}

/** The statuses that the event stream has told of a resource, in order, each once per change. */
export function statuses(resource) {
  // Text after the last line end is incomplete.
  const lines = readFileSync(process.env.COMPAT_EVENTS, 'utf8').split('\n').slice(0, -1);
  return lines
    .filter((line) => line.startsWith('data: ') && line.includes(resource))
    .map((line) => JSON.parse(line.slice(6)))
    .filter((event) => event.resources[0] === resource)
    .map((event) => event.detail.status)
    .filter((status, index, all) => status !== all[index - 1]);
}

export async function describe(jobId) {
  const { jobs } = await batch.describeJobs({ jobs: [jobId] });
  assert.equal(jobs.length, 1);
  return jobs[0];
}

export const waitFor = (jobId, wanted, pause) => until(`job is ${wanted}`, async () => {
  const job = await describe(jobId);
  if (job.status === wanted) return job;
  assert.ok(!['SUCCEEDED', 'FAILED'].includes(job.status), `job is ${job.status}: ${job.statusReason}, ${JSON.stringify(job.container)}`);
  return undefined;
}, pause);

/** Container overrides; where jobs are simulated, with the variables that say what the command would do. */
export function overrides(simulated, { command, variables = {} }) {
  const all = executor === 'simulated' ? { ...variables, ...simulated } : variables;
  return { command, environment: Object.entries(all).map(([key, value]) => ({ name: key, value })) };
}

export const submit = (job, members) =>
  batch.submitJob({ jobName: `${name}-${job}`, jobQueue: queue, jobDefinition: definition, ...members });

/** The request must be refused with a ClientException of this message, which is made from the request id. */
export async function refused(request, message) {
  const error = await request.then(() => assert.fail('the request was not refused'), (reason) => reason);
  assert.equal(error.name, 'ClientException');
  assert.equal(error.$metadata?.httpStatusCode, 400);
  assert.equal(error.message, message(error.$metadata.requestId));
}

export const wrapped = (detail) => (requestId) => `Error executing request, Exception : ${detail}, RequestId: ${requestId}`;

export async function environments() {
  return (await batch.describeComputeEnvironments({ computeEnvironments: [environment] })).computeEnvironments;
}

export async function queues(queueName = queue) {
  return (await batch.describeJobQueues({ jobQueues: [queueName] })).jobQueues;
}

export const settled = (what, describeThem, state) => until(`${what} is VALID and ${state}`, async () =>
  (await describeThem()).find((detail) => detail.status === 'VALID' && detail.state === state));
