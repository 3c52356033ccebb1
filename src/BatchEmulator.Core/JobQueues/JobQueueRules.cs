using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobQueues;

/// <summary>Validates job queues; messages are AWS's.</summary>
internal static class JobQueueRules
{
    public const int MaximumPriority = 1000;
    private const int MaximumEnvironments = 3;

    public static string NotFound(string given) => $"JobQueue {given} not found.";

    public static void CheckPriority(int priority) =>
        Require(priority is >= 0 and <= MaximumPriority, OpenTexts.QueuePriority);

    /// <summary>Checks the order and returns it with ARNs, ascending.</summary>
    public static IReadOnlyList<Wire.ComputeEnvironmentOrder> ResolveOrder(
        IReadOnlyDictionary<string, ComputeEnvironment> existing,
        Scope scope,
        string? queueType,
        IReadOnlyList<Wire.ComputeEnvironmentOrder>? order)
    {
        if (queueType == Wire.JobQueueType.SagemakerTraining)
        {
            Require(order is not { Count: > 0 }, OpenTexts.NoComputeEnvironments);
            return [];
        }

        Require(order is { Count: > 0 }, "computeEnvironmentOrder is required.");
        Require(order!.Count <= MaximumEnvironments, "Only 3 environments are allowed in job queue request.");
        var resolved = order
            .Select(o => o with { ComputeEnvironment = Arn.Resolve(scope, Arn.ComputeEnvironmentType, o.ComputeEnvironment!) })
            .OrderBy(o => o.Order)
            .ToList();
        Require(
            resolved.DistinctBy(o => o.ComputeEnvironment).Count() == resolved.Count,
            "Duplicate ComputeEnvironments within order list.");
        Require(resolved.DistinctBy(o => o.Order).Count() == resolved.Count, "Duplicate ComputeEnvironment order values.");
        var environments = resolved.Select(o => existing.GetValueOrDefault(o.ComputeEnvironment!)).ToList();
        Require(
            environments.TrueForAll(
                e => e is not null && e.Scope == scope && e.Status is (ResourceStatus.Valid or ResourceStatus.Updating)),
            "Compute Environments must be created and valid before attaching them to a job queue");
        CheckMix(queueType, environments!);
        return resolved;
    }

    private static void CheckMix(string? queueType, List<ComputeEnvironment> environments)
    {
        var fargate = environments.Count(e => e.IsFargate);
        Require(fargate == 0 || fargate == environments.Count, "Fargate and EC2 compute environments can not be mixed.");
        var managed = environments.Count(e => e.Specification.ComputeResources?.Type == Wire.CRType.EcsManagedInstances);
        Require(
            managed == 0 || managed == environments.Count,
            "All attached Compute Environments must be of types [EC2, SPOT] or types [FARGATE_SPOT, FARGATE] "
                + "or types [ECS_MANAGED_INSTANCES], not mixed.");
        Require(
            queueType != Wire.JobQueueType.Eks || environments.TrueForAll(e => e.IsEks),
            "EKS job queue type must have EKS compute environment.");
        var eks = environments.Count(e => e.IsEks);
        Require(eks == 0 || eks == environments.Count, OpenTexts.EksMixed);
    }

    /// <summary>Checks the time limit actions of a queue: container jobs are cancelled, service jobs terminated.</summary>
    public static IReadOnlyList<Wire.JobStateTimeLimitAction> CheckActions(
        string? queueType, IReadOnlyList<Wire.JobStateTimeLimitAction>? actions)
    {
        var valid = queueType == Wire.JobQueueType.SagemakerTraining
            ? Wire.JobStateTimeLimitActionsAction.Terminate
            : Wire.JobStateTimeLimitActionsAction.Cancel;
        foreach (var action in actions ?? [])
        {
            Require(action.Action == valid, $"Invalid job action. Valid job actions: [{valid}]");
            Require(action.MaxTimeSeconds is >= 600 and <= 86400, OpenTexts.StateTimeLimit);
        }

        Require(
            (actions ?? []).DistinctBy(a => (a.State, a.Reason)).Count() == (actions?.Count ?? 0),
            "Duplicate job state limit actions are not allowed.");
        return actions ?? [];
    }

    /// <summary>Checks that a policy exists and fits the queue.</summary>
    public static void CheckPolicy(IReadOnlyDictionary<string, SchedulingPolicy> existing, Scope scope, string? queueType, string? arn)
    {
        if (!string.IsNullOrEmpty(arn))
        {
            Require(Arn.Parse(arn)?.Type == Arn.SchedulingPolicyType, "Only scheduling policy Arn can be allowed.");
            var policy = existing.GetValueOrDefault(arn);
            Require(policy is not null && policy.Scope == scope, $"SchedulingPolicy {arn} not found.");
            Require(
                policy!.QuotaShare is null || queueType == Wire.JobQueueType.SagemakerTraining,
                "Quota Management feature is only supported for SageMaker Training job queues.");
        }
    }

    /// <summary>Checks the service environment of a queue and returns it with its ARN; null for a queue that runs containers.</summary>
    public static IReadOnlyList<Wire.ServiceEnvironmentOrder>? ResolveServiceOrder(
        IReadOnlyDictionary<string, ServiceEnvironment> existing,
        Scope scope,
        string? queueType,
        IReadOnlyList<Wire.ServiceEnvironmentOrder>? order)
    {
        if (queueType != Wire.JobQueueType.SagemakerTraining)
        {
            Require(
                order is not { Count: > 0 },
                $"The jobQueueType provided is {queueType ?? Wire.JobQueueType.Ecs}, "
                    + "which is incompatible with the provided serviceEnvironmentOrder.");
            return null;
        }

        Require(order is { Count: > 0 }, "Job queues of type SAGEMAKER_TRAINING must have serviceEnvironmentOrder.");
        Require(order!.Count == 1, "Job queue can only have 1 service environment.");
        var resolved = order
            .Select(o => o with { ServiceEnvironment = Arn.Resolve(scope, Arn.ServiceEnvironmentType, o.ServiceEnvironment!) })
            .ToList();
        var environment = existing.GetValueOrDefault(resolved[0].ServiceEnvironment!);
        Require(
            environment is { Status: ResourceStatus.Valid or ResourceStatus.Updating } && environment.Scope == scope,
            "Service environments must be created and valid before attaching them to a job queue.");
        return resolved;
    }
}
