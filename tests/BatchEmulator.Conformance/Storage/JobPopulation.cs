using BatchEmulator.Core.ConsumableResources;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Conformance.Storage;

/// <summary>
/// Random jobs of two queues, with similar names, definitions and shares, some of them arrays or multi-node jobs, created while the clock
/// occasionally went backwards.
/// </summary>
public sealed class JobPopulation
{
    private const int Count = 400;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Names = ["part", "Part", "PARTY", "party-2", "par", "report", "p_rt", "zebra"];
    private static readonly JobStatus[] Statuses = Enum.GetValues<JobStatus>();
    private readonly Random _random;
    private readonly JobDefinition[] _definitions =
        [.. Range(1, 3, "d"), .. Range(10, 11, "d1"), .. Range(1, 1, "dd"), .. Range(1, 12, "other")];

    /// <summary>Creates the jobs of a seed.</summary>
    public JobPopulation(int seed)
    {
        _random = new Random(seed);
        Setup =
        [
            new ResourceSaved(Queue("q", 1)), new ResourceSaved(Queue("other", 2)),
            .. _definitions.Select((d, i) => new JobDefinitionSaved(d with { Sequence = 100 + i })),
        ];
        for (var sequence = 1_000L; Jobs.Count < Count; sequence += 20)
        {
            var job = Job(sequence);
            Jobs.Add(job);
            Jobs.AddRange(Enumerable.Range(0, job.Specification.Parts).Select(i => PartOf(job, i)));
        }
    }

    /// <summary>Account and Region of the population.</summary>
    public static Scope Scope { get; } = new("123456789012", "us-east-1");

    /// <summary>ARN of the queue of most of the jobs.</summary>
    public static string QueueArn { get; } = Arn.JobQueue(Scope, "q");

    /// <summary>ARN of a consumable resource that some of the jobs need.</summary>
    public static string Licence { get; } = Arn.ConsumableResource(Scope, "licence");

    private static Wire.NodeProperties Nodes =>
        new() { NumNodes = 4, MainNode = 0, NodeRangeProperties = [new() { TargetNodes = "0:", Container = new() { Image = "i" } }] };

    /// <summary>Changes that create the queues and the job definitions.</summary>
    public IReadOnlyList<Change> Setup { get; }

    /// <summary>Jobs in the order of creation, each parent before its parts.</summary>
    public List<Job> Jobs { get; } = [];

    /// <summary>Start of the hour in which the jobs were created, in milliseconds.</summary>
    public static long StartMilliseconds => Start.ToUnixTimeMilliseconds();

    /// <summary>Changes that create each job in a status other than its last, and then bring it to its last.</summary>
    public IEnumerable<IReadOnlyList<Change>> Turns()
    {
        yield return Setup;
        foreach (var jobs in Jobs.Chunk(50))
        {
            yield return [.. jobs.Select(j => new JobSaved(j with { Status = JobStatus.Submitted, StoppedAt = null }, null))];
            yield return [.. jobs.Where(j => j.Status != JobStatus.Submitted).Select(j => new JobSaved(j, JobStatus.Submitted))];
        }
    }

    private static IEnumerable<JobDefinition> Range(int first, int count, string name) =>
        Enumerable.Range(first, count).Select(revision => new JobDefinition
        {
            Arn = Arn.JobDefinition(Scope, name, revision),
            Scope = Scope,
            Name = name,
            Revision = revision,
            Sequence = 0,
            IsActive = true,
            Specification = new() { Type = "container", ContainerProperties = new() { Image = "i" } },
        });

    private static JobQueue Queue(string name, long sequence) => new()
    {
        Arn = Arn.JobQueue(Scope, name),
        Scope = Scope,
        Name = name,
        Sequence = sequence,
        Priority = 1,
        ComputeEnvironmentOrder = [],
        State = ResourceState.Enabled,
        Status = ResourceStatus.Valid,
    };

    private Job Job(long sequence)
    {
        var (status, parts) = (Any(Statuses), _random.Next(10));
        var share = Any([null, "s", "s", "share"]);
        return new()
        {
            Id = new Guid((int)sequence, 0, 0, new byte[8]).ToString(),
            Scope = Scope,
            Sequence = sequence,
            CreatedAt = Start.AddSeconds(_random.Next(3600)),
            Status = status,
            StoppedAt = status.IsFinished() ? Start : null,
            Specification = new JobSpecification
            {
                JobName = Any(Names),
                JobQueueArn = Arn.JobQueue(Scope, Any(["q", "q", "q", "other"])),
                JobDefinitionArn = Any(_definitions).Arn,
                ShareIdentifier = share,
                QuotaShareName = share is null ? Any([null, "s", "share"]) : null,
                Units = Any<IReadOnlyList<ConsumableUnits>?>([null, [new(Licence, 1), new(Arn.ConsumableResource(Scope, "x"), 1)]]),
                ArraySize = parts == 0 ? 8 : null,
                Nodes = parts == 1 ? Nodes : null,
                Container = parts == 1 ? null : new() { Image = "i" },
                Needs = new ResourceAmounts(1000, 64),
            },
        };
    }

    private Job PartOf(Job job, int index)
    {
        var status = Any(Statuses);
        return job with
        {
            Id = job.Specification.Nodes is null ? JobIds.Child(job.Id, index) : JobIds.Node(job.Id, index),
            ParentId = job.Id,
            Index = index,
            Sequence = job.Sequence + 1 + index,
            Status = status,
            StoppedAt = status.IsFinished() ? Start : null,
        };
    }

    private T Any<T>(T[] choices) => choices[_random.Next(choices.Length)];
}
