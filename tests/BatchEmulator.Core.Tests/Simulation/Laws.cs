using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Scheduling;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>Invariants that hold after every turn.</summary>
internal sealed class Laws(Emulation emulation, QuotaLaws quotas)
{
    private readonly Dictionary<string, Job> _seen = new(StringComparer.Ordinal);
    private int _checkedChanges;

    public void AssertAll()
    {
        NothingOvertakesInOrder();
        CapacityIsNeverExceeded();
        EveryTransitionIsPermittedAndNothingStartsBeforeItsDependencies();
        JobsKeepTheirInvariants();
        SharesHoldWhatTheirJobsHold();
        quotas.AssertAll();
        ConsumableResourcesAreHeldByJobs();
        new InstanceLaws(emulation).AssertAll();
        new CostLaws(emulation).AssertAll();
        NothingIsLeftToPlace();
        ReloadEqualsMemory();
    }

    public void AssertEverythingEnded(IEnumerable<string> jobIds)
    {
        foreach (var id in jobIds)
        {
            Assert(emulation.Job(id).Status.IsFinished(), $"job {id} has not ended: {emulation.Job(id).Status}");
        }

        Assert(emulation.State.Jobs.Count == 0, "finished jobs are still in memory");
        Assert(emulation.State.Dependencies.Arrays.Count == 0, "finished arrays are still in memory");
        Assert(
            emulation.State.Of<ComputeEnvironment>().Keys.All(arn => emulation.State.Capacity.Used(arn) == default),
            "capacity is still held");
        Assert(
            emulation.State.Costs.Settled().Jobs.Rows.All(row => row.Open == 0), "a job that has ended still costs something");
    }

    private void CapacityIsNeverExceeded()
    {
        foreach (var environment in emulation.State.Of<ComputeEnvironment>().Values)
        {
            var used = Holders().Where(j => j.Current!.ComputeEnvironmentArn == environment.Arn).Sum(j => j.Needs.MilliVcpus);
            Assert(
                emulation.State.Options.HasInstances || used <= environment.Specification.ComputeResources!.MaxvCpus * 1000,
                $"{environment.Name} is over its maximum");
            Assert(used == emulation.State.Capacity.Used(environment.Arn).MilliVcpus, $"the ledger of {environment.Name} is wrong");
        }

        foreach (var environment in emulation.State.Of<ServiceEnvironment>().Values)
        {
            var used = Holders()
                .Where(j => j.Current!.ComputeEnvironmentArn == environment.Arn)
                .SelectMany(j => j.Specification.Service!.Instances)
                .Sum(i => i.Count);
            Assert(used <= environment.CapacityLimits[0].MaxCapacity, $"{environment.Name} is over its limit");
            Assert(used == emulation.State.Capacity.InstancesUsed(environment.Arn, null), $"the ledger of {environment.Name} is wrong");
            Assert(
                used == emulation.State.Capacity.InstancesUsed(environment.Arn, "ml.m5.large"),
                $"the ledger of {environment.Name} is wrong about types");
        }
    }

    /// <summary>
    /// Returns the holders of capacity: a multi-node parallel job for its nodes, and its unfinished nodes after its own end.
    /// </summary>
    private IEnumerable<Job> Holders() =>
        emulation.State.Jobs.Values.Where(j => j.Current is not null && !(j.IsNode && emulation.State.Jobs.ContainsKey(j.ParentId!)));

    private void EveryTransitionIsPermittedAndNothingStartsBeforeItsDependencies()
    {
        foreach (var change in emulation.Changes.Skip(_checkedChanges).OfType<JobSaved>())
        {
            var job = change.Value;
            if (_seen.TryGetValue(job.Id, out var before) && before.Status != job.Status)
            {
                Assert(JobStateMachine.Permits(before, job.Status), $"{job.Id} went from {before.Status} to {job.Status}");
            }

            _seen[job.Id] = job;
            if (job.Status == JobStatus.Starting)
            {
                Assert(DependenciesOf(job).All(id => _seen[id].Status == JobStatus.Succeeded), $"{job.Id} started before its dependencies");
            }
        }

        _checkedChanges = emulation.Changes.Count;
    }

    /// <summary>A job of a queue without a policy starts only if no job before it was waiting, and still is.</summary>
    private void NothingOvertakesInOrder()
    {
        var waiting = emulation.State.Jobs.Values
            .Where(job => job.Status == JobStatus.Runnable && !job.IsNode && _seen.GetValueOrDefault(job.Id)?.Status == JobStatus.Runnable)
            .Where(job => emulation.State.OrderingOf(job.Specification.JobQueueArn) is FirstInFirstOut)
            .ToLookup(job => job.Specification.JobQueueArn);
        foreach (var started in emulation.Changes.Skip(_checkedChanges).OfType<JobSaved>()
            .Where(change => change.Previous == JobStatus.Runnable && change.Value is { Status: JobStatus.Starting or JobStatus.Scheduled, IsNode: false })
            .Select(change => _seen.GetValueOrDefault(change.Value.Id) is { Status: JobStatus.Runnable } before ? before : change.Value))
        {
            Assert(
                waiting[started.Specification.JobQueueArn].All(job => FirstInFirstOut.Order.Compare(job, started) > 0),
                $"{started.Id} overtook a job of its queue");
        }
    }

    /// <summary>
    /// A turn that is not to be continued at once has placed every job that can be. The order of a fair-share queue changes with time
    /// alone, which is noticed within a minute.
    /// </summary>
    private void NothingIsLeftToPlace()
    {
        if (emulation.WakeAt is { } at && at <= emulation.Now)
        {
            return;
        }

        var plan = new SchedulingPass(PlanExecution.SnapshotOf(emulation.State, new SeededIds(0), emulation.Now)).Run();
        var hasChanged = plan.Decisions.Any(decision => ChangesWithTime(decision.Job.Specification.JobQueueArn))
            || plan.Heads.Any(head => ChangesWithTime(head.Queue.Arn)
                && emulation.State.Agenda.Heads.GetValueOrDefault(head.LineArn)?.Job?.Id != head.Job?.Id);
        if (!hasChanged)
        {
            Assert(plan.IsComplete && plan.Decisions.Count == 0, "a job waits that could be placed");
            Assert(plan.Launches.Count == 0, "an instance is missing that could be launched");
        }
    }

    private bool ChangesWithTime(string queueArn) => emulation.State.OrderingOf(queueArn)!.ChangesWithTime;

    private static IEnumerable<string> DependenciesOf(Job job)
    {
        foreach (var dependency in job.Specification.DependsOn)
        {
            switch (dependency.Type)
            {
                case "SEQUENTIAL" when job.Index > 0:
                    yield return JobIds.Child(job.ParentId!, job.Index.Value - 1);
                    break;
                case "N_TO_N":
                    yield return JobIds.Child(dependency.JobId!, job.Index!.Value);
                    break;
                case null:
                    yield return dependency.JobId!;
                    break;
            }
        }
    }

    private void JobsKeepTheirInvariants()
    {
        foreach (var job in emulation.State.Jobs.Values)
        {
            Assert(job.Current is not null == job.Status.IsPlaced(), $"{job.Id} is {job.Status} with the wrong current attempt");
            Assert(job.StoppedAt is null || job.Status.IsFinished(), $"{job.Id} has stopped but is not finished");
            Assert(!job.Status.IsFinished() || job.IsNode, $"{job.Id} is finished and still in memory");
            NodesKeepTheirs(job);
            Assert(!job.IsArrayParent || job.Status == JobStatus.Pending, $"array parent {job.Id} is {job.Status}");
            Assert(job.Attempts.Count <= (job.Specification.RetryStrategy?.Attempts ?? 1), $"{job.Id} was tried too often");
        }
    }

    private void NodesKeepTheirs(Job job)
    {
        if (job.IsMultiNode)
        {
            var nodes = emulation.State.NodesOf(job);
            Assert(job.Status.IsPlaced() || nodes.All(n => n.Status == JobStatus.Runnable), $"{job.Id} is {job.Status}, but not its nodes");
            Assert(
                job.Status != JobStatus.Starting || nodes.All(n => n.IsMainNode || n.Status == JobStatus.Runnable),
                $"a node of {job.Id} started before the main node ran");
            Assert(!job.Status.IsPlaced() || nodes.Any(n => n.Status.IsPlaced()), $"{job.Id} is {job.Status} without a node");
        }

        Assert(
            !job.IsNode || emulation.State.Jobs.ContainsKey(job.ParentId!) || job.StopReason is not null,
            $"node {job.Id} was left to run after its job");
    }

    private void SharesHoldWhatTheirJobsHold()
    {
        foreach (var queue in emulation.State.Of<JobQueue>().Values)
        {
            foreach (var share in (emulation.State.OrderingOf(queue.Arn) as FairShare)?.Shares ?? [])
            {
                var held = Holders()
                    .Where(j => j.Specification.JobQueueArn == queue.Arn && j.Specification.ShareIdentifier == share.Identifier)
                    .Sum(j => j.Needs.MilliVcpus);
                Assert(held == share.Held.MilliVcpus, $"share {share.Identifier} holds {held}, not {share.Held.MilliVcpus}");
                Assert(share.Unfinished > 0 || share.Usage is not null, $"share {share.Identifier} is kept for nothing");
            }
        }
    }

    private void ConsumableResourcesAreHeldByJobs()
    {
        foreach (var resource in emulation.State.Of<ConsumableResource>().Values)
        {
            var held = emulation.State.Jobs.Values.Where(j => j.HoldsUnits).SelectMany(j => j.Specification.Units ?? [])
                .Sum(u => u.Quantity);
            Assert(held == resource.InUse, $"{resource.Name} has {resource.InUse} in use, but jobs hold {held}");
            Assert(resource.InUse <= resource.Quantity, $"{resource.Name} is used beyond its quantity");
        }
    }

    private void ReloadEqualsMemory()
    {
        var reloaded = new BatchState(emulation.State.Options);
        foreach (var change in emulation.Store.Load().Changes)
        {
            reloaded.Apply(change);
        }

        Assert(
            Fingerprint(reloaded) == Fingerprint(emulation.State),
            $"a reload gives\n{Fingerprint(reloaded)}\nbut memory holds\n{Fingerprint(emulation.State)}");
    }

    private string Fingerprint(BatchState state)
    {
        var jobs = state.Jobs.Values.OrderBy(j => j.Sequence)
            .Select(j => $"{j.Id} {j.Status} {j.StatusReason} {j.BlockedSince} {j.StopReason} {j.Attempts.Count} {j.Current?.Number} {j.Service} waits {state.Dependencies.Waits(j.Id)}");
        var heads = state.Runnable.Queues.Select(
            q => $"{q.Name} head {state.OrderingOf(q.Arn)!.Begin(emulation.Now).Head?.Id} jobs {state.CountJobs(q)}");
        var used = state.Of<ComputeEnvironment>().Keys.Concat(state.Of<ServiceEnvironment>().Keys)
            .Select(arn => $"{arn} uses {state.Capacity.Used(arn)}");
        var consumables = state.Of<ConsumableResource>().Values.Select(r => $"{r.Name} {r.InUse} of {r.Quantity}");
        var blocked = state.Blocked.ByLine.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => $"{b.Key} blocked by {b.Value.Id}");
        var arrays = state.Dependencies.Arrays.OrderBy(a => a.Key, StringComparer.Ordinal)
            .Select(a => $"{a.Key} {string.Join(',', a.Value.Summary(default).Counts)}");
        var shares = state.Runnable.Queues.SelectMany(q => (state.OrderingOf(q.Arn) as FairShare)?.Shares ?? [])
            .OrderBy(s => s.Identifier, StringComparer.Ordinal)
            .Select(s => $"{s.Identifier} has {s.Unfinished} jobs, {s.Waiting.Count} wait, holds {s.Held.MilliVcpus}, {s.Usage?.MilliVcpus:R} {s.Usage?.At:O}");
        var instances = state.Of<Instance>().Values.OrderBy(i => i.Sequence)
            .Select(i => $"{i} has room {state.Fleets.Of(i.ComputeEnvironmentArn).Find(i.Arn)?.Room}");
        return string.Join('\n', [.. jobs, .. instances, .. shares, .. QuotaLaws.Fingerprint(state), .. heads, .. used, .. consumables, .. blocked, .. arrays]);
    }

    internal static void Assert(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
