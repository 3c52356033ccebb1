// The end of the resources.

import { test } from 'node:test';
import { batch, environment, environments, queue, queues, refused, settled, until } from './client.mjs';

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
