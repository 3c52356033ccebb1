using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.SchedulingPolicies;
using BatchEmulator.Core.ServiceEnvironments;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>CreateJobQueue: CREATING, then VALID.</summary>
internal static class CreateJobQueue
{
    public static Wire.CreateJobQueueResponse Decide(Turn turn, Scope scope, Wire.CreateJobQueueRequest request)
    {
        var name = request.JobQueueName!;
        Require(ResourceName.IsValid(name), "Job Queue name should match a valid pattern.");
        JobQueueRules.CheckPriority(request.Priority!.Value);
        JobQueueRules.CheckPolicy(turn.State.Of<SchedulingPolicy>(), scope, request.JobQueueType, request.SchedulingPolicyArn);
        var serviceOrder = JobQueueRules.ResolveServiceOrder(
            turn.State.Of<ServiceEnvironment>(), scope, request.JobQueueType, request.ServiceEnvironmentOrder);
        var order = JobQueueRules.ResolveOrder(
            turn.State.Of<ComputeEnvironment>(), scope, request.JobQueueType, request.ComputeEnvironmentOrder);
        var actions = JobQueueRules.CheckActions(request.JobQueueType, request.JobStateTimeLimitActions);
        TagRules.Check(request.Tags);
        var arn = Arn.JobQueue(scope, name);
        if (serviceOrder is [{ ServiceEnvironment: { } environment }])
        {
            new QuotaManagementRules(turn.State.Of<JobQueue>(), turn.State.Of<SchedulingPolicy>())
                .CheckEnvironment(arn, request.SchedulingPolicyArn, turn.State.Of<ServiceEnvironment>()[environment]);
        }

        Require(!turn.State.Of<JobQueue>().ContainsKey(arn), OpenTexts.AlreadyExists);
        turn.Record(new ResourceSaved(new JobQueue
        {
            Arn = arn,
            Scope = scope,
            Name = name,
            Sequence = turn.State.NextSequence,
            Priority = request.Priority.Value,
            ComputeEnvironmentOrder = order,
            ServiceEnvironmentOrder = serviceOrder,
            JobQueueType = request.JobQueueType,
            SchedulingPolicyArn = string.IsNullOrEmpty(request.SchedulingPolicyArn) ? null : request.SchedulingPolicyArn,
            JobStateTimeLimitActions = actions,
            State = ResourceWords.ParseState(request.State),
            Status = ResourceStatus.Creating,
            SettlesAt = turn.SettlesAt,
        }));
        TagChanges.RecordInitial(turn, arn, request.Tags);
        return new() { JobQueueName = name, JobQueueArn = arn };
    }
}
