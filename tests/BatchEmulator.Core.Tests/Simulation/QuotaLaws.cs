using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.Tests.QuotaShares;
using static BatchEmulator.Core.Tests.Simulation.Laws;

namespace BatchEmulator.Core.Tests.Simulation;

/// <summary>Invariants of quota shares that hold after every turn, computed from the jobs alone. All shares are of one instance type.</summary>
internal sealed class QuotaLaws(Emulation emulation)
{
    private const int Instances = 6;

    /// <summary>True if no limit is lowered below what jobs hold.</summary>
    public bool HasFixedLimits { get; init; }

    public static IEnumerable<string> Fingerprint(BatchState state) => state.Runnable.Queues
        .SelectMany(queue => (state.OrderingOf(queue.Arn) as QuotaManagement)?.Lines ?? [])
        .Select(line => $"{line.Name} has {line.Unfinished} jobs, waiting {string.Join(',', line.Waiting.Select(j => j.Id))}, "
            + $"placed {string.Join(',', line.Placed.Select(j => j.Id).Order(StringComparer.Ordinal))}, holds {line.HeldOf(QuotaEmulation.Type)}");

    public void AssertAll()
    {
        var shares = emulation.State.Of<Core.QuotaShares.QuotaShare>().Values.OrderBy(share => share.Sequence).Select(Use).ToList();
        if (HasFixedLimits)
        {
            foreach (var share in shares)
            {
                Assert(share.Held <= share.Limit + share.Share.BorrowLimitOf(QuotaEmulation.Type), $"{share.Share.Name} is over its limits");
            }

            Assert(
                shares.Sum(share => share.Borrowed) <= shares.Where(share => share.Share.Lends).Sum(share => share.Idle),
                "more is borrowed than is idle");
        }

        BorrowedCapacityReturns(shares);
    }

    /// <summary>
    /// A first job within the limits of its share is placed, or jobs of borrowers are being stopped, if these have enough instances.
    /// </summary>
    private void BorrowedCapacityReturns(List<ShareUse> shares)
    {
        if (shares.Exists(share => share.Placed.Exists(job => job.StopReason is not null || job.IsBeingPreempted)))
        {
            return;
        }

        var room = Instances - shares.Sum(share => share.Held) + shares.Sum(share => share.Borrowed);
        var idle = shares.Where(share => share.Share.Lends).Sum(share => share.Idle) + Math.Max(0, Instances - shares.Sum(share => share.Limit));
        foreach (var share in shares)
        {
            var isServed = share.Share.Status != ResourceStatus.Deleting
                && share.First is { } first
                && !(first.Service!.NotBefore > emulation.Now)
                && share.Held + first.Needs.MilliVcpus / InstanceCount.MilliVcpus <= share.Limit;
            var needed = isServed ? share.First!.Needs.MilliVcpus / InstanceCount.MilliVcpus : 0;
            Assert(
                !isServed || needed > room || (share.Share.Lends && needed > idle),
                $"job {share.First?.Id} of {share.Share.Name} waits for capacity that is lent");
        }
    }

    private ShareUse Use(Core.QuotaShares.QuotaShare share)
    {
        var jobs = emulation.State.Jobs.Values.Where(job => job.Specification.LineArn == share.Arn).ToList();
        return new(
            share,
            jobs.FindAll(job => job.Status.IsPlaced()),
            jobs.Where(job => job.Status == JobStatus.Runnable)
                .OrderByDescending(job => job.SchedulingPriority)
                .ThenByDescending(job => job.Attempts.Count > 0)
                .ThenBy(job => job.Sequence)
                .FirstOrDefault());
    }

    private sealed record ShareUse(Core.QuotaShares.QuotaShare Share, List<Job> Placed, Job? First)
    {
        public long Limit => Share.LimitOf(QuotaEmulation.Type);

        public long Held => Placed.Sum(job => InstanceCount.Total(job.Specification.Service!.Instances));

        public long Borrowed => Math.Max(0, Held - Limit);

        public long Idle => Math.Max(0, Limit - Held);
    }
}
