using System.Text;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.QuotaShares;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.Storage;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>
/// SubmitServiceJob: the job waits in its queue until its service environment has instances for it. The service judges the payload when the
/// job is handed over.
/// </summary>
internal static class SubmitServiceJob
{
    /// <summary>Service quotas, "Maximum SubmitServiceJob payload".</summary>
    private const int MaximumPayload = 10 * 1024;

    /// <summary>Returns true if a job with the request's token exists, also a finished one.</summary>
    public static SubmittedBefore Read(IBatchQueries queries, Scope scope, Wire.SubmitServiceJobRequest request) =>
        new(request.ClientToken is { Length: > 0 } token && queries.HasClientToken(scope, token));

    public static Wire.SubmitServiceJobResponse Decide(Turn turn, Scope scope, Wire.SubmitServiceJobRequest request, SubmittedBefore before)
    {
        request = request with
        {
            ShareIdentifier = string.IsNullOrEmpty(request.ShareIdentifier) ? null : request.ShareIdentifier,
            QuotaShareName = string.IsNullOrEmpty(request.QuotaShareName) ? null : request.QuotaShareName,
            ClientToken = string.IsNullOrEmpty(request.ClientToken) ? null : request.ClientToken,
        };
        CheckFields(request);
        var queue = Submissions.FindQueue(turn, scope, request.JobQueue!);
        RequireState(queue.IsService, OpenTexts.NotServiceQueue);
        CheckShare(turn, queue, request);
        RequireState(
            request.ClientToken is not { } token || !(before.IsTokenUsed || turn.State.HasClientToken(scope, token)),
            OpenTexts.ClientTokenUsed);
        Submissions.CheckNumberOfJobs(turn, parts: 0);

        var job = new Job
        {
            Id = turn.Ids.NewUuid(),
            Scope = scope,
            Sequence = turn.State.NextSequence,
            Specification = SubmittedServiceJob.Specify(queue, request),
            CreatedAt = turn.Now,
            Status = JobStatus.Submitted,
            Service = new(),
        };
        turn.Record(job);
        TagChanges.RecordInitial(turn, job.Arn, request.Tags);
        turn.Record(job.To(JobStatus.Runnable));
        return new() { JobArn = job.Arn, JobName = request.JobName, JobId = job.Id };
    }

    private static void CheckFields(Wire.SubmitServiceJobRequest request)
    {
        Require(ResourceName.IsValidJobName(request.JobName!), "Job name should match valid pattern");
        Require(Encoding.UTF8.GetByteCount(request.ServiceRequestPayload!) <= MaximumPayload, OpenTexts.ServicePayloadLength);
        SubmittedServiceJob.Check(request.RetryStrategy);
        JobDefinitionRules.CheckTimeout(SubmittedServiceJob.TimeoutOf(request.TimeoutConfig));
        JobDefinitionRules.CheckPriority(request.SchedulingPriority);
        Require(
            request.ShareIdentifier is null || ResourceName.IsValidShareIdentifier(request.ShareIdentifier),
            "ShareIdentifier name should match a valid pattern.");
        Require(request.PreemptionConfiguration?.PreemptionRetriesBeforeTermination is null or >= 0, OpenTexts.PreemptionRetries);
        TagRules.Check(request.Tags);
    }

    private static void CheckShare(Turn turn, JobQueue queue, Wire.SubmitServiceJobRequest request)
    {
        var ordering = turn.State.OrderingOf(queue.Arn);
        RequireState(ordering is FairShare || request.ShareIdentifier is null, OpenTexts.ShareOfServiceJob);
        RequireState(
            ordering is QuotaManagement || request is { QuotaShareName: null, PreemptionConfiguration: null },
            OpenTexts.QuotaShareOfServiceJob);
        switch (ordering)
        {
            case FairShare shares:
                RequireState(request.ShareIdentifier is not null, "shareIdentifier must be specified.");
                RequireState(shares.Takes(request.ShareIdentifier!), OpenTexts.TooManyShares);
                break;
            case QuotaManagement:
                RequireState(request.QuotaShareName is not null, OpenTexts.QuotaShareRequired);
                var share = turn.State.Of<QuotaShare>().GetValueOrDefault(Arn.QuotaShare(queue.Arn, request.QuotaShareName!));
                RequireState(share is not null, OpenTexts.QuotaShareNotFound(request.QuotaShareName!));
                RequireState(share!.AcceptsJobs, OpenTexts.QuotaShareTakesNoJobs);
                break;
        }
    }
}

/// <summary>Data of the store that a submission needs.</summary>
/// <param name="IsTokenUsed">True if a job has its client token.</param>
internal sealed record SubmittedBefore(bool IsTokenUsed);
