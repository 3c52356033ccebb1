using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Conformance.Storage;

/// <summary>Sample resources and jobs.</summary>
/// <remarks>They are created on each use: static members of several files are initialized in no certain order.</remarks>
public abstract partial class BatchStoreConformance
{
    private static ComputeEnvironment Environment => new()
    {
        Arn = Arn.ComputeEnvironment(Scope, "ce"),
        Scope = Scope,
        Name = "ce",
        Sequence = 1,
        Uuid = "u",
        ClusterName = "c",
        ContainerInstanceId = new string('a', 32),
        Specification =
            new() { Type = "MANAGED", ServiceRole = "r", ComputeResources = new() { Type = "EC2", MaxvCpus = 4, Subnets = ["s"] } },
        State = ResourceState.Enabled,
        Status = ResourceStatus.Creating,
        SettlesAt = Now,
    };

    private static JobQueue Queue => new()
    {
        Arn = Arn.JobQueue(Scope, "q"),
        Scope = Scope,
        Name = "q",
        Sequence = 2,
        Priority = 5,
        ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Environment.Arn }],
        State = ResourceState.Disabled,
        Status = ResourceStatus.Valid,
        StatusReason = "ok",
    };

    private static JobDefinition Definition(int revision) => new()
    {
        Arn = Arn.JobDefinition(Scope, "d", revision),
        Scope = Scope,
        Name = "d",
        Revision = revision,
        Sequence = revision + 2,
        IsActive = true,
        Specification = new() { Type = "container", Parameters = new Dictionary<string, string> { ["k"] = "v" }, ContainerProperties = new() { Image = "i" } },
    };

    private static Job Job(long sequence) => new()
    {
        Id = new Guid((int)sequence, 0, 0, new byte[8]).ToString(),
        Scope = Scope,
        Sequence = sequence,
        CreatedAt = Now,
        Status = JobStatus.Submitted,
        Specification = new JobSpecification
        {
            JobName = "j",
            JobQueueArn = Queue.Arn,
            JobDefinitionArn = Definition(1).Arn,
            Container = new() { Image = "i", Command = ["a"] },
            Needs = new ResourceAmounts(1500, 64),
        },
    };

    private static (Job Parent, List<Job> Children) Array(long sequence, int size)
    {
        var parent = Job(sequence) with
        {
            Status = JobStatus.Pending,
            Specification = Job(sequence).Specification with { ArraySize = size },
            Children = new ArraySummary([0, 0, size, 0, 0, 0, 0, 0], Now),
        };
        var children = Enumerable.Range(0, size).Select(i => parent with
        {
            Id = JobIds.Child(parent.Id, i),
            ParentId = parent.Id,
            Index = i,
            Sequence = sequence + 1 + i,
            Status = JobStatus.Runnable,
            BlockedSince = i == 2 ? Now : null,
            Children = null,
        }).ToList();
        return (parent, children);
    }

    private static (Job Job, List<Job> Nodes) MultiNode(long sequence, int count)
    {
        var attempt = new CurrentAttempt { Number = 1, ComputeEnvironmentArn = Environment.Arn, TaskArn = "arn:task/c/t", PrivateAddress = "10.0.0.1" };
        var job = Job(sequence) with
        {
            Status = JobStatus.Running,
            Current = attempt,
            Specification = Job(sequence).Specification with
            {
                Container = null,
                Nodes = new() { NumNodes = count, MainNode = 0, NodeRangeProperties = [new() { TargetNodes = "0:", Container = new() { Image = "i" } }] },
            },
        };
        var nodes = Enumerable.Range(0, count).Select(i => job with
        {
            Id = JobIds.Node(job.Id, i),
            ParentId = job.Id,
            Index = i,
            Sequence = sequence + 1 + i,
            Current = attempt with { MainNodeAddress = i == 0 ? null : attempt.PrivateAddress },
        }).ToList();
        return (job, nodes);
    }
}
