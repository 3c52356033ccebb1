using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>UpdateJobQueue: UPDATING, then VALID; changes are visible at once.</summary>
internal static class UpdateJobQueue
{
    public static Wire.UpdateJobQueueResponse Decide(Turn turn, Scope scope, Wire.UpdateJobQueueRequest request)
    {
        var arn = Arn.Resolve(scope, Arn.JobQueueType, request.JobQueue!);
        var queue = turn.State.Of<JobQueue>().GetValueOrDefault(arn);
        RequireState(queue is not null && queue.Scope == scope, $"{arn} does not exist");
        RequireState(!queue!.IsBeingModified, "Cannot update, resource is being modified.");
        if (request.Priority is { } priority)
        {
            JobQueueRules.CheckPriority(priority);
        }

        JobQueueRules.CheckPolicy(turn.State.Of<SchedulingPolicy>(), scope, queue.JobQueueType, request.SchedulingPolicyArn);
        Require(string.IsNullOrEmpty(request.SchedulingPolicyArn) || queue.SchedulingPolicyArn is not null, OpenTexts.PolicyNotAdded);
        var quotas = new QuotaManagementRules(turn.State.Of<JobQueue>(), turn.State.Of<SchedulingPolicy>());
        quotas.CheckKind(queue, request.SchedulingPolicyArn);
        var serviceOrder = request.ServiceEnvironmentOrder is { Count: > 0 } given
            ? JobQueueRules.ResolveServiceOrder(turn.State.Of<ServiceEnvironment>(), scope, queue.JobQueueType, given)
            : queue.ServiceEnvironmentOrder;
        if (serviceOrder is [{ ServiceEnvironment: { } environment }] && serviceOrder != queue.ServiceEnvironmentOrder)
        {
            quotas.CheckEnvironment(arn, queue.SchedulingPolicyArn, turn.State.Of<ServiceEnvironment>()[environment]);
        }

        turn.Record(new ResourceSaved(queue with
        {
            State = request.State is null ? queue.State : ResourceWords.ParseState(request.State),
            Priority = request.Priority ?? queue.Priority,
            SchedulingPolicyArn = string.IsNullOrEmpty(request.SchedulingPolicyArn)
                ? queue.SchedulingPolicyArn
                : request.SchedulingPolicyArn,
            ComputeEnvironmentOrder = request.ComputeEnvironmentOrder is { Count: > 0 } order
                ? JobQueueRules.ResolveOrder(turn.State.Of<ComputeEnvironment>(), scope, queue.JobQueueType, order)
                : queue.ComputeEnvironmentOrder,
            ServiceEnvironmentOrder = serviceOrder,
            JobStateTimeLimitActions = request.JobStateTimeLimitActions is { } actions
                ? JobQueueRules.CheckActions(queue.JobQueueType, actions)
                : queue.JobStateTimeLimitActions,
            Status = ResourceStatus.Updating,
            SettlesAt = turn.SettlesAt,
        }));
        return new() { JobQueueName = queue.Name, JobQueueArn = arn };
    }
}
