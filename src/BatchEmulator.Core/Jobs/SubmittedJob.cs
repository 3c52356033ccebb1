using System.Text.Json;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;

namespace BatchEmulator.Core.Jobs;

/// <summary>Merges a job definition with what SubmitJob says (API Reference, SubmitJob).</summary>
public static class SubmittedJob
{
    private const int MaximumOverridesLength = 8192;

    private static readonly IReadOnlyDictionary<string, string> NoParameters = new Dictionary<string, string>();

    public static JobSpecification Merge(JobQueue queue, JobDefinition definition, Wire.SubmitJobRequest request)
    {
        var own = definition.Specification;
        var parameters = MergeParameters(own.Parameters, request.Parameters);
        var container = ContainerOverrides.Merge(own.ContainerProperties!, request.ContainerOverrides, definition.IsFargate);
        container = container with { Command = ParameterSubstitution.Apply(container.Command ?? [], parameters) };
        return new JobSpecification
        {
            JobName = request.JobName!,
            JobQueueArn = queue.Arn,
            JobDefinitionArn = definition.Arn,
            Parameters = parameters,
            DependsOn = request.DependsOn ?? [],
            ArraySize = request.ArrayProperties?.Size,
            Container = container,
            RetryStrategy = RetryStrategyRules.Echo(request.RetryStrategy) ?? own.RetryStrategy,
            Timeout = request.Timeout ?? own.Timeout,
            PropagateTags = request.PropagateTags ?? own.PropagateTags ?? false,
            PlatformCapabilities = own.PlatformCapabilities ?? [],
            ShareIdentifier = request.ShareIdentifier,
            SchedulingPriority = request.SchedulingPriorityOverride ?? own.SchedulingPriority,
            DispatchFailure = OverridesLength(request.ContainerOverrides) > MaximumOverridesLength ? StatusReasons.OverridesTooLong : null,
            Needs = ContainerResourceRules.AmountsOf(container),
        };
    }

    /// <summary>The overrides as JSON; ECS limits what a task may override.</summary>
    private static int OverridesLength(Wire.ContainerOverrides? overrides) =>
        overrides is null ? 0 : JsonSerializer.SerializeToUtf8Bytes(overrides, Contract.Batch.BatchJson.Wire.ContainerOverrides).Length;

    private static IReadOnlyDictionary<string, string> MergeParameters(
        IReadOnlyDictionary<string, string>? own, IReadOnlyDictionary<string, string>? overriding)
    {
        if (overriding is not { Count: > 0 })
        {
            return own ?? NoParameters;
        }

        var merged = new Dictionary<string, string>(own ?? NoParameters);
        foreach (var (name, value) in overriding)
        {
            merged[name] = value;
        }

        return merged;
    }
}
