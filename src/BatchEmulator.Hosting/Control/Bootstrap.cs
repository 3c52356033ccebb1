using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Operations;
using BatchEmulator.Core.Resources;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Control;

/// <summary>Creates a compute environment and a job queue, so that the first SubmitJob needs only a definition.</summary>
internal static class Bootstrap
{
    private const string Name = "default";
    private const int MaximumVcpus = 256;

    public static async Task RunAsync(EngineMailbox mailbox, ChangeFeed feed, Scope scope, CancellationToken cancellationToken)
    {
        using var changes = feed.Subscribe();
        var environment = new CreateComputeEnvironmentRequest
        {
            ComputeEnvironmentName = Name,
            Type = CEType.Managed,
            ComputeResources = new()
            {
                Type = CRType.Ec2,
                MinvCpus = 0,
                MaxvCpus = MaximumVcpus,
                InstanceTypes = ["optimal"],
                InstanceRole = "ecsInstanceRole",
                Subnets = ["subnet-00000000"],
                SecurityGroupIds = ["sg-00000000"],
            },
        };
        await CreateAsync<ComputeEnvironment>(
            mailbox, changes, Arn.ComputeEnvironment(scope, Name), turn => CreateComputeEnvironment.Decide(turn, scope, environment), cancellationToken);

        var queue = new CreateJobQueueRequest
        {
            JobQueueName = Name,
            Priority = 1,
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Name }],
        };
        await CreateAsync<JobQueue>(
            mailbox, changes, Arn.JobQueue(scope, Name), turn => CreateJobQueue.Decide(turn, scope, queue), cancellationToken);
    }

    /// <summary>
    /// Creates a resource unless it exists, and waits until it can be used. One that a killed server left in CREATING is waited for, too.
    /// </summary>
    private static async Task CreateAsync<T>(
        EngineMailbox mailbox, ChangeFeed.Subscription changes, string arn, Action<Turn> create, CancellationToken cancellationToken)
        where T : StatefulResource
    {
        var presence = await mailbox.ExecuteAsync(
            new Command<Presence>(turn =>
            {
                if (turn.State.Of<T>().GetValueOrDefault(arn) is { } resource)
                {
                    return new Presence(resource.Status is not (ResourceStatus.Creating or ResourceStatus.Updating));
                }

                create(turn);
                return new Presence(CanBeUsed: false);
            }),
            cancellationToken);
        if (!presence!.CanBeUsed)
        {
            await WaitAsync(changes, change => change is ResourceSaved { Value: T { IsBeingModified: false } saved } && saved.Arn == arn, cancellationToken);
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

    private sealed record Presence(bool CanBeUsed);
}
