using BatchEmulator.Contract.Batch;
using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Operations;
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
        if (!await CreateAsync(mailbox, turn => turn.State.Of<ComputeEnvironment>().ContainsKey(Arn.ComputeEnvironment(scope, Name)),
            turn => CreateComputeEnvironment.Decide(turn, scope, environment), cancellationToken))
        {
            await WaitAsync(changes, c => c is ResourceSaved { Value: ComputeEnvironment { IsBeingModified: false, Name: Name } }, cancellationToken);
        }

        var queue = new CreateJobQueueRequest
        {
            JobQueueName = Name,
            Priority = 1,
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = Name }],
        };
        if (!await CreateAsync(mailbox, turn => turn.State.Of<JobQueue>().ContainsKey(Arn.JobQueue(scope, Name)),
            turn => CreateJobQueue.Decide(turn, scope, queue), cancellationToken))
        {
            await WaitAsync(changes, c => c is ResourceSaved { Value: JobQueue { IsBeingModified: false, Name: Name } }, cancellationToken);
        }
    }

    /// <returns>Whether it was there already.</returns>
    private static async Task<bool> CreateAsync(EngineMailbox mailbox, Func<Turn, bool> exists, Action<Turn> create, CancellationToken cancellationToken)
    {
        var outcome = await mailbox.ExecuteAsync(
            new Command<Outcome>(turn =>
            {
                if (exists(turn))
                {
                    return new Outcome(true);
                }

                create(turn);
                return new Outcome(false);
            }),
            cancellationToken);
        return outcome!.Existed;
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

    private sealed record Outcome(bool Existed);
}
