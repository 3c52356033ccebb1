using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>What must hold after every turn, whatever happened.</summary>
internal sealed class Laws(Emulation emulation)
{
    private readonly Dictionary<string, JobStatus> _seen = new(StringComparer.Ordinal);
    private int _checkedChanges;

    public void AssertAll()
    {
        CapacityIsNeverExceeded();
        EveryTransitionIsPermittedAndNothingStartsBeforeItsDependencies();
        JobsKeepTheirInvariants();
        ReloadEqualsMemory();
    }

    public void AssertEverythingEnded(IEnumerable<string> jobIds)
    {
        foreach (var id in jobIds)
        {
            Assert(emulation.Job(id).Status.IsFinished(), $"job {id} has not ended: {emulation.Job(id).Status}");
        }

        Assert(emulation.State.Jobs.Count == 0, "finished jobs are still in memory");
        Assert(emulation.State.Arrays.Count == 0, "finished arrays are still in memory");
        Assert(emulation.State.Capacity.HostUsed == default, "capacity is still held");
    }

    private void CapacityIsNeverExceeded()
    {
        foreach (var environment in emulation.State.ComputeEnvironments.Values)
        {
            var used = emulation.State.Jobs.Values
                .Where(j => j.Current?.ComputeEnvironmentArn == environment.Arn)
                .Sum(j => j.Specification.Needs.MilliVcpus);
            Assert(used <= environment.Specification.ComputeResources!.MaxvCpus * 1000, $"{environment.Name} is over its maximum");
            Assert(used == emulation.State.Capacity.Used(environment.Arn).MilliVcpus, $"the ledger of {environment.Name} is wrong");
        }

        if (emulation.State.Options.Host is { } host)
        {
            Assert(emulation.State.Capacity.HostUsed.MilliVcpus <= host.MilliVcpus, "the machine is over its vCPUs");
            Assert(emulation.State.Capacity.HostUsed.MemoryMiB <= host.MemoryMiB, "the machine is over its memory");
        }
    }

    private void EveryTransitionIsPermittedAndNothingStartsBeforeItsDependencies()
    {
        foreach (var change in emulation.Changes.Skip(_checkedChanges).OfType<JobSaved>())
        {
            var job = change.Value;
            if (_seen.TryGetValue(job.Id, out var before) && before != job.Status)
            {
                Assert(JobStateMachine.Permits(before, job.Status), $"{job.Id} went from {before} to {job.Status}");
            }

            _seen[job.Id] = job.Status;
            if (job.Status == JobStatus.Starting)
            {
                Assert(DependenciesOf(job).All(id => _seen[id] == JobStatus.Succeeded), $"{job.Id} started before its dependencies");
            }
        }

        _checkedChanges = emulation.Changes.Count;
    }

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
            Assert(job.StoppedAt is null, $"{job.Id} has stopped but is not finished");
            Assert(!job.IsArrayParent || job.Status == JobStatus.Pending, $"array parent {job.Id} is {job.Status}");
            Assert(job.Attempts.Count <= (job.Specification.RetryStrategy?.Attempts ?? 1), $"{job.Id} was tried too often");
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

    private static string Fingerprint(BatchState state)
    {
        var jobs = state.Jobs.Values.OrderBy(j => j.Sequence)
            .Select(j => $"{j.Id} {j.Status} {j.StatusReason} {j.StopReason} {j.Attempts.Count} {j.Current?.Number} waits {state.Dependencies.Waits(j.Id)}");
        var heads = state.Runnable.Queues.Select(q => $"{q.Name} head {state.Runnable.Head(q)?.Id} jobs {state.CountJobs(q)}");
        var used = state.ComputeEnvironments.Values.Select(e => $"{e.Name} uses {state.Capacity.Used(e.Arn)}");
        var arrays = state.Arrays.OrderBy(a => a.Key, StringComparer.Ordinal)
            .Select(a => $"{a.Key} {string.Join(',', a.Value.Summary(default).Counts)}");
        return string.Join('\n', [.. jobs, .. heads, .. used, .. arrays, $"host {state.Capacity.HostUsed}"]);
    }

    private static void Assert(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
