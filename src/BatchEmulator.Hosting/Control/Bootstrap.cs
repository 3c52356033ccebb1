using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Operations;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Control;

/// <summary>Creates a compute environment and a job queue, so that the first SubmitJob needs only a definition.</summary>
internal sealed class Bootstrap(OperationInvoker invoker, ChangeFeed feed)
{
    private const string Name = "default";
    private const int MaximumVcpus = 256;

    private static readonly Wire.CreateComputeEnvironmentRequest DefaultEnvironment = new()
    {
        ComputeEnvironmentName = Name,
        Type = Wire.CEType.Managed,
        ComputeResources = new()
        {
            Type = Wire.CRType.Ec2,
            MinvCpus = 0,
            MaxvCpus = MaximumVcpus,
            InstanceTypes = ["optimal"],
            InstanceRole = "ecsInstanceRole",
            Subnets = ["subnet-00000000"],
            SecurityGroupIds = ["sg-00000000"],
        },
    };

    private static readonly Wire.CreateJobQueueRequest DefaultQueue = new()
    {
        JobQueueName = Name,
        Priority = 1,
        ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Name }],
    };

    /// <summary>Creates what does not exist yet; completes when both can be used.</summary>
    public async Task RunAsync(Scope scope, CancellationToken cancellationToken)
    {
        using var changes = feed.Subscribe();
        var environments = await invoker.InvokeAsync(
            Wire.Operations.DescribeComputeEnvironments, scope, new() { ComputeEnvironments = [Name] }, cancellationToken);
        if (environments.ComputeEnvironments is [])
        {
            await invoker.InvokeAsync(Wire.Operations.CreateComputeEnvironment, scope, DefaultEnvironment, cancellationToken);
        }

        // Waits also for one that a killed server left in CREATING.
        if (environments.ComputeEnvironments is [] or [{ Status: Wire.CEStatus.Creating or Wire.CEStatus.Updating }])
        {
            await WaitAsync(
                changes, c => c is ResourceSaved { Value: ComputeEnvironment { IsBeingModified: false, Name: Name } }, cancellationToken);
        }

        var queues = await invoker.InvokeAsync(Wire.Operations.DescribeJobQueues, scope, new() { JobQueues = [Name] }, cancellationToken);
        if (queues.JobQueues is [])
        {
            await invoker.InvokeAsync(Wire.Operations.CreateJobQueue, scope, DefaultQueue, cancellationToken);
        }

        if (queues.JobQueues is [] or [{ Status: Wire.JQStatus.Creating or Wire.JQStatus.Updating }])
        {
            await WaitAsync(changes, c => c is ResourceSaved { Value: JobQueue { IsBeingModified: false, Name: Name } }, cancellationToken);
        }
    }

    private static async Task WaitAsync(ChangeFeed.Subscription changes, Func<Change, bool> isAwaited, CancellationToken cancellationToken)
    {
        await foreach (var turn in changes.ReadAllAsync(cancellationToken))
        {
            if (turn.Changes.Any(isAwaited))
            {
                return;
            }
        }
    }
}
