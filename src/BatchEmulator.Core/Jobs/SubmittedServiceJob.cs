using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs.Work;
using BatchEmulator.Core.Resources;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>Validates and specifies service jobs.</summary>
internal static class SubmittedServiceJob
{
    public static void Check(Wire.ServiceJobRetryStrategy? strategy)
    {
        // The conditions have only one member, which may have any characters (API Reference, ServiceJobEvaluateOnExit).
        RetryStrategyRules.Check(StrategyOf(strategy) is { } known ? known with { EvaluateOnExit = null } : null);
        Require((strategy?.EvaluateOnExit?.Count ?? 0) <= RetryStrategyRules.MaximumConditions, RetryStrategyRules.TooManyConditions);
        Require(
            strategy?.EvaluateOnExit?.All(condition =>
                (condition.OnStatusReason?.Length ?? 0) <= RetryStrategyRules.MaximumConditionLength) != false,
            RetryStrategyRules.ConditionTooLong);
    }

    public static JobSpecification Specify(JobQueue queue, Wire.SubmitServiceJobRequest request)
    {
        var training = TrainingRequest.Parse(request.ServiceRequestPayload!);
        return new JobSpecification
        {
            JobName = request.JobName!,
            JobQueueArn = queue.Arn,
            RetryStrategy = StrategyOf(request.RetryStrategy),
            Timeout = TimeoutOf(request.TimeoutConfig),
            ShareIdentifier = request.ShareIdentifier,
            QuotaShareName = request.QuotaShareName,
            SchedulingPriority = request.SchedulingPriority,
            Service = new ServiceRequest
            {
                Type = request.ServiceJobType!,
                Payload = request.ServiceRequestPayload!,
                Instances = training.Instances,
                PreemptionRetries = request.PreemptionConfiguration?.PreemptionRetriesBeforeTermination,
                ClientToken = request.ClientToken,
            },
            DispatchFailure = training.Problem is { } problem ? TrainingWork.Told($"ValidationException: {problem}") : null,
            Needs = new ResourceAmounts(InstanceCount.Total(training.Instances) * InstanceCount.MilliVcpus, 0),
        };
    }

    public static Wire.JobTimeout? TimeoutOf(Wire.ServiceJobTimeout? timeout) =>
        timeout is null ? null : new() { AttemptDurationSeconds = timeout.AttemptDurationSeconds };

    private static Wire.RetryStrategy? StrategyOf(Wire.ServiceJobRetryStrategy? strategy) => strategy is null ? null : new()
    {
        Attempts = strategy.Attempts,
        EvaluateOnExit =
        [
            .. (strategy.EvaluateOnExit ?? []).Select(
                c => new Wire.EvaluateOnExit { Action = c.Action, OnStatusReason = c.OnStatusReason }),
        ],
    };
}
