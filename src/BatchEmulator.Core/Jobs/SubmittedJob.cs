using System.Text.Json;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using static BatchEmulator.Core.Rules;

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
        var container = Container(own, request, definition.IsFargate, parameters);
        var task = Task(own, request, definition.IsFargate, parameters);
        var pod = Pod(own, request, parameters);
        return new JobSpecification
        {
            JobName = request.JobName!,
            JobQueueArn = queue.Arn,
            JobDefinitionArn = definition.Arn,
            Parameters = parameters,
            DependsOn = request.DependsOn ?? [],
            ArraySize = request.ArrayProperties?.Size,
            Container = container,
            Task = task,
            Pod = pod,
            RetryStrategy = RetryStrategyRules.Echo(request.RetryStrategy) ?? own.RetryStrategy,
            Timeout = request.Timeout ?? own.Timeout,
            PropagateTags = request.PropagateTags ?? own.PropagateTags ?? false,
            PlatformCapabilities = own.PlatformCapabilities ?? [],
            ShareIdentifier = request.ShareIdentifier,
            SchedulingPriority = request.SchedulingPriorityOverride ?? own.SchedulingPriority,
            ConsumableResources = ConsumableResourceRules.Echo(request.ConsumableResourcePropertiesOverride) ?? own.ConsumableResourceProperties,
            DispatchFailure = OverridesLength(request) > MaximumOverridesLength ? StatusReasons.OverridesTooLong : null,
            Needs = Needs(container, task, pod),
        };
    }

    private static Wire.ContainerProperties? Container(
        Wire.JobDefinition own, Wire.SubmitJobRequest request, bool isFargate, IReadOnlyDictionary<string, string> parameters)
    {
        Require(own.ContainerProperties is not null || request.ContainerOverrides is null, OpenTexts.OverridesOfAnotherKind);
        if (own.ContainerProperties is null)
        {
            return null;
        }

        var container = ContainerOverrides.Merge(own.ContainerProperties, request.ContainerOverrides, isFargate);
        return container with { Command = ParameterSubstitution.Apply(container.Command ?? [], parameters) };
    }

    private static Wire.EcsTaskProperties? Task(
        Wire.JobDefinition own, Wire.SubmitJobRequest request, bool isFargate, IReadOnlyDictionary<string, string> parameters)
    {
        Require(own.EcsProperties is not null || request.EcsPropertiesOverride is null, OpenTexts.OverridesOfAnotherKind);
        if (own.EcsProperties is null)
        {
            return null;
        }

        var task = EcsOverrides.Merge(own.EcsProperties.TaskProperties![0], request.EcsPropertiesOverride, isFargate);
        return task with
        {
            Containers = [.. task.Containers!.Select(c => c with { Command = ParameterSubstitution.Apply(c.Command ?? [], parameters) })],
        };
    }

    private static Wire.EksPodProperties? Pod(Wire.JobDefinition own, Wire.SubmitJobRequest request, IReadOnlyDictionary<string, string> parameters)
    {
        Require(own.EksProperties is not null || request.EksPropertiesOverride is null, OpenTexts.OverridesOfAnotherKind);
        if (own.EksProperties is null)
        {
            return null;
        }

        var pod = EksOverrides.Merge(own.EksProperties.PodProperties!, request.EksPropertiesOverride);
        Wire.EksContainer Substituted(Wire.EksContainer container) => container with
        {
            Command = container.Command is { } command ? ParameterSubstitution.Apply(command, parameters) : null,
            Args = container.Args is { } arguments ? ParameterSubstitution.Apply(arguments, parameters) : null,
        };
        return pod with { Containers = [.. pod.Containers!.Select(Substituted)], InitContainers = pod.InitContainers?.Select(Substituted).ToList() };
    }

    /// <summary>What runs at the same time, summed up.</summary>
    private static ResourceAmounts Needs(Wire.ContainerProperties? container, Wire.EcsTaskProperties? task, Wire.EksPodProperties? pod) =>
        container is not null ? ContainerResourceRules.AmountsOf(container)
        : task is not null ? Sum(task.Containers!.Select(c => ContainerResourceRules.AmountsOf(TaskContainers.AsContainer(task, c))))
        : Sum(pod!.Containers!.Select(EksResourceRules.AmountsOf));

    private static ResourceAmounts Sum(IEnumerable<ResourceAmounts> amounts) => amounts.Aggregate((a, b) => a + b);

    /// <summary>The overrides as JSON; ECS limits what a task may override.</summary>
    private static int OverridesLength(Wire.SubmitJobRequest request) =>
        request.ContainerOverrides is { } container ? JsonSerializer.SerializeToUtf8Bytes(container, Contract.Batch.BatchJson.Wire.ContainerOverrides).Length
        : request.EcsPropertiesOverride is { } task ? JsonSerializer.SerializeToUtf8Bytes(task, Contract.Batch.BatchJson.Wire.EcsPropertiesOverride).Length
        : 0;

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
