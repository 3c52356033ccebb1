using BatchEmulator.Core.ComputeEnvironments;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// SubmitJob. Checks in this order: fields, queue, definition, capability, fair share, parameters, dependencies; only then anything is
/// recorded.
/// </summary>
internal static class SubmitJob
{
    public static Wire.SubmitJobResponse Decide(Turn turn, Scope scope, Wire.SubmitJobRequest request, SubmissionReads reads)
    {
        request = request with { ShareIdentifier = string.IsNullOrEmpty(request.ShareIdentifier) ? null : request.ShareIdentifier };
        CheckFields(request);
        var queue = Submissions.FindQueue(turn, scope, request.JobQueue!);
        RequireState(!queue.IsService, OpenTexts.ServiceQueueTakesNoJobs);
        var definition = FindDefinition(turn, scope, request.JobDefinition!);
        CheckCapability(turn, queue, definition);
        CheckShare(turn, queue, definition, request);
        var specification = SubmittedJob.Merge(queue, definition, request) with { EksClusterArn = ClusterOf(turn, queue) };
        specification = reads.WithTagsBounded(specification, request);
        var dependencies = SubmittedDependencies.Check(turn, scope, specification, reads.Finished);
        Submissions.CheckNumberOfJobs(turn, specification.Parts);

        var id = turn.Ids.NewUuid();
        var job = new Job
        {
            Id = id,
            Scope = scope,
            Sequence = turn.State.NextSequence,
            Specification = specification,
            CreatedAt = turn.Now,
            Status = JobStatus.Submitted,
        };
        turn.Record(job);
        TagChanges.RecordInitial(turn, job.Arn, request.Tags);
        if (ContainerOverrides.RemarkOn(definition.Specification.ContainerProperties, request.ContainerOverrides) is { } remark)
        {
            turn.Request(new LogJobWarning(job.Arn, remark));
        }

        JobSpawning.Release(turn, job, dependencies);
        return new() { JobArn = job.Arn, JobName = request.JobName, JobId = id };
    }

    private static void CheckFields(Wire.SubmitJobRequest request)
    {
        Require(ResourceName.IsValidJobName(request.JobName!), "Job name should match valid pattern");
        JobDependencies.Check(request.ArrayProperties?.Size, request.DependsOn);
        RetryStrategyRules.CheckSubmitted(request.RetryStrategy);
        JobDefinitionRules.CheckTimeout(request.Timeout);
        JobDefinitionRules.CheckPriority(request.SchedulingPriorityOverride);
        Require(
            request.ShareIdentifier is null || ResourceName.IsValidShareIdentifier(request.ShareIdentifier),
            "ShareIdentifier name should match a valid pattern.");
        TagRules.Check(request.Tags);
        ConsumableResourceRules.Check(request.ConsumableResourcePropertiesOverride);
    }

    private static JobDefinition FindDefinition(Turn turn, Scope scope, string given)
    {
        var reference = JobDefinitionReference.Parse(scope, given);
        var family = reference.IsOfScope ? turn.State.FindDefinitions(scope, reference.Name) : null;
        var definition = reference.Revision is { } revision ? family?.Find(revision) : family?.LatestActive;
        RequireState(definition is not { IsActive: false } || Arn.Parse(given) is null, $"JobDefinition {given} is not in ACTIVE status");
        RequireState(definition is { IsActive: true }, $"JobDefinition name {reference.Name} does not exist or is not in ACTIVE status.");
        return definition!;
    }

    /// <summary>Fargate, EC2 and EKS environments are never mixed in a queue, so the first one is representative.</summary>
    private static void CheckCapability(Turn turn, JobQueue queue, JobDefinition definition)
    {
        var environment = turn.State.Of<ComputeEnvironment>().GetValueOrDefault(queue.ComputeEnvironmentOrder[0].ComputeEnvironment!);
        RequireState(
            environment is null || (environment.IsFargate == definition.IsFargate && environment.IsEks == definition.IsEks),
            "Job Queue is attached to Compute Environment that can not run Jobs "
                + $"with capability {(definition.IsEks ? "EKS" : definition.IsFargate ? "FARGATE" : "EC2")}.");
    }

    private static string? ClusterOf(Turn turn, JobQueue queue) =>
        turn.State.Of<ComputeEnvironment>()
            .GetValueOrDefault(queue.ComputeEnvironmentOrder[0].ComputeEnvironment!)?.Specification.EksConfiguration?.EksClusterArn;

    private static void CheckShare(Turn turn, JobQueue queue, JobDefinition definition, Wire.SubmitJobRequest request)
    {
        if (turn.State.OrderingOf(queue.Arn) is not FairShare shares)
        {
            RequireState(
                request.ShareIdentifier is null && request.SchedulingPriorityOverride is null,
                "Job with shareIdentifier or schedulingPriority can onlybe submitted to job queue with fair share scheduling policy.");
            return;
        }

        RequireState(request.ShareIdentifier is not null, "shareIdentifier must be specified.");
        RequireState(
            (request.SchedulingPriorityOverride ?? definition.Specification.SchedulingPriority) is not null,
            "Either schedulingPriority in job definition or schedulingPriorityOverride is required.");
        RequireState(shares.Takes(request.ShareIdentifier!), OpenTexts.TooManyShares);
    }
}
