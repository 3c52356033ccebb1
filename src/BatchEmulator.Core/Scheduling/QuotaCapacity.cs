using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Capacity of a queue with quota shares, of which jobs can be tried: the instances of its service environment, and which shares hold them.
/// What a share does not use of its limits is idle; of that, a share that lends gives to those that borrow. What a share holds beyond its
/// limits is borrowed, also if it is so because the limits were lowered.
/// </summary>
internal sealed class QuotaCapacity
{
    private readonly Dictionary<string, TypeCapacity> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<(QuotaLine Line, string Type), long> _held = [];

    /// <param name="lines">Lines of the queue.</param>
    /// <param name="environment">Service environment of the queue, which no other queue uses.</param>
    public QuotaCapacity(IReadOnlyList<QuotaLine> lines, ServiceEnvironment environment)
    {
        foreach (var line in lines)
        {
            foreach (var (type, held) in line.Held.Instances)
            {
                _held[(line, type)] = held;
            }
        }

        foreach (var type in environment.CapacityLimits.Select(limit => limit.CapacityUnit!))
        {
            var maximum = environment.MaximumOf(type);
            _types[type] = new TypeCapacity(
                maximum - lines.Sum(line => line.HeldOf(type)),
                lines.Sum(line => LentBy(line, type, line.HeldOf(type))),
                Math.Max(0, maximum - lines.Sum(line => line.Share?.LimitOf(type) ?? 0)));
        }
    }

    private QuotaCapacity(QuotaCapacity other)
    {
        foreach (var (type, capacity) in other._types)
        {
            _types[type] = capacity;
        }

        foreach (var (key, held) in other._held)
        {
            _held[key] = held;
        }
    }

    public QuotaCapacity Copy() => new(this);

    /// <summary>Returns the part of its limits that a share uses: of the instance type of which it uses most.</summary>
    public double UseOf(QuotaLine line) => line.Share?.CapacityLimits
        .Max(limit => (double)HeldOf(line, limit.CapacityUnit!) / limit.MaxCapacity!.Value) ?? double.PositiveInfinity;

    /// <summary>Returns true if a job stays within the limits of its share, whether there is room or not.</summary>
    public bool IsWithinLimits(QuotaLine line, Job job) => InstancesOf(job).All(wanted => IsWithinLimits(line, wanted));

    /// <summary>Returns true if a job stays within the limits of its share, and there is room.</summary>
    public bool HasOwn(QuotaLine line, Job job) => InstancesOf(job).All(wanted => IsWithinLimits(line, wanted) && !IsShort(line, wanted));

    /// <summary>Returns true if a job has room within the limits of its share and what that can borrow.</summary>
    public bool HasOwnOrIdle(QuotaLine line, Job job) => HasOwn(line, job) || HasIdle(line, job);

    /// <summary>Returns true if a job uses instances of which its share holds more than its limits.</summary>
    /// <param name="line">Line of the job.</param>
    /// <param name="job">The placed job.</param>
    /// <param name="wanting">Line of the job that wants such instances.</param>
    /// <param name="wanted">The job that wants them.</param>
    public bool Borrows(QuotaLine line, Job job, QuotaLine wanting, Job wanted) => InstancesOf(job).Any(used =>
        HeldOf(line, used.Type) > LimitOf(line, used.Type)
        && InstancesOf(wanted).Any(instances => instances.Type == used.Type && IsShort(wanting, instances)));

    /// <summary>Counts a job as placed.</summary>
    public void Take(QuotaLine line, Job job) => Add(line, job, 1);

    /// <summary>Counts a job as placed no more.</summary>
    public void Release(QuotaLine line, Job job) => Add(line, job, -1);

    /// <summary>Sets instances apart that no share may borrow.</summary>
    public void Reserve(Job job)
    {
        foreach (var (type, count) in InstancesOf(job))
        {
            if (_types.TryGetValue(type, out var capacity))
            {
                _types[type] = capacity with { Room = capacity.Room - count, Idle = capacity.Idle - count };
            }
        }
    }

    private static IReadOnlyList<InstanceCount> InstancesOf(Job job) => job.Specification.Service!.Instances;

    private static long LimitOf(QuotaLine line, string type) => line.Share?.LimitOf(type) ?? 0;

    /// <summary>Returns what a share adds to the idle instances that can be borrowed; less than nothing if it borrows itself.</summary>
    private static long LentBy(QuotaLine line, string type, long held)
    {
        var idle = LimitOf(line, type) - held;
        return line.Share?.Lends == true ? idle : Math.Min(0, idle);
    }

    private bool HasIdle(QuotaLine line, Job job) => line.Share is { Borrows: true } share && InstancesOf(job).All(wanted =>
        share.LimitOf(wanted.Type) > 0
        && HeldOf(line, wanted.Type) + wanted.Count <= share.LimitOf(wanted.Type) + share.BorrowLimitOf(wanted.Type)
        && _types.TryGetValue(wanted.Type, out var capacity)
        && wanted.Count <= Math.Min(capacity.Room, capacity.Idle));

    private bool IsWithinLimits(QuotaLine line, InstanceCount wanted) =>
        HeldOf(line, wanted.Type) + wanted.Count <= LimitOf(line, wanted.Type);

    /// <summary>
    /// Returns true if instances within the limits of a share are not there: others hold them, or have borrowed what it would use. Borrowed
    /// instances may also be those that belong to no share.
    /// </summary>
    private bool IsShort(QuotaLine line, InstanceCount wanted) => !_types.TryGetValue(wanted.Type, out var capacity)
        || wanted.Count > capacity.Room
        || (line.Share?.Lends == true && wanted.Count > capacity.Idle + capacity.Unassigned);

    private long HeldOf(QuotaLine line, string type) => _held.GetValueOrDefault((line, type));

    private void Add(QuotaLine line, Job job, int sign)
    {
        foreach (var (type, count) in InstancesOf(job))
        {
            var before = HeldOf(line, type);
            var after = before + (sign * count);
            _held[(line, type)] = after;
            if (_types.TryGetValue(type, out var capacity))
            {
                _types[type] = capacity with
                {
                    Room = capacity.Room - (sign * count),
                    Idle = capacity.Idle + LentBy(line, type, after) - LentBy(line, type, before),
                };
            }
        }
    }

    /// <summary>Capacity of an instance type.</summary>
    /// <param name="Room">Instances that no job holds.</param>
    /// <param name="Idle">Instances that can still be borrowed.</param>
    /// <param name="Unassigned">Instances that belong to no share.</param>
    private readonly record struct TypeCapacity(long Room, long Idle, long Unassigned);
}
