using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BatchEmulator.Core.JobDefinitions;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs.Work;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>Merges a job definition with a submission (API Reference, SubmitJob).</summary>
internal static class SubmittedJob
{
    private const int MaximumOverridesLength = 8192;

    private static readonly IReadOnlyDictionary<string, string> NoParameters = new Dictionary<string, string>();

    public static JobSpecification Merge(JobQueue queue, JobDefinition definition, Wire.SubmitJobRequest request)
    {
        var own = definition.Specification;
        CheckKind(own, request);
        var parameters = MergeParameters(own.Parameters, request.Parameters);
        var container = Container(own, request, definition.IsFargate, parameters);
        var task = Task(own, request, definition.IsFargate, parameters);
        var pod = Pod(own, request, parameters);
        var nodes = Nodes(own, request, parameters);
        var consumables = ConsumableResourceRules.Echo(request.ConsumableResourcePropertiesOverride) ?? own.ConsumableResourceProperties;
        var specification = new JobSpecification
        {
            JobName = request.JobName!,
            JobQueueArn = queue.Arn,
            JobDefinitionArn = definition.Arn,
            Parameters = parameters,
            DependsOn =
                [.. (request.DependsOn ?? []).Select(d => d with { JobId = d.JobId is { } id ? JobIds.Of(queue.Scope, id) : null })],
            ArraySize = request.ArrayProperties?.Size,
            Container = container,
            Task = task,
            Pod = pod,
            Nodes = nodes,
            RetryStrategy = RetryStrategyRules.Echo(request.RetryStrategy) ?? own.RetryStrategy,
            Timeout = request.Timeout ?? own.Timeout,
            PropagateTags = request.PropagateTags ?? own.PropagateTags,
            PlatformCapabilities = own.PlatformCapabilities ?? [],
            ShareIdentifier = request.ShareIdentifier,
            SchedulingPriority = request.SchedulingPriorityOverride ?? own.SchedulingPriority,
            ConsumableResources = consumables,
            Units = ConsumableResourceRules.UnitsOf(queue.Scope, consumables, nodes),
            DispatchFailure = OverridesLengths(request).Any(length => length > MaximumOverridesLength)
                ? StatusReasons.OverridesTooLong
                : null,
            Needs = default,
        };
        return specification with { Needs = WorkKinds.Of(specification).Needs };
    }

    /// <summary>Checks the overrides: a job definition accepts those of its own kind.</summary>
    private static void CheckKind(Wire.JobDefinition own, Wire.SubmitJobRequest request)
    {
        RequireState(
            own.EksProperties is null || (request.ContainerOverrides is null && request.NodeOverrides is null),
            "Container overrides or node overrides should not be set for Batch on EKS jobs.");
        RequireState(
            own.EcsProperties is null || request.ContainerOverrides is null,
            "Container overrides should not be set for ecsProperties jobs.");
        RequireState(
            (own.ContainerProperties is not null || request.ContainerOverrides is null)
                && (own.EcsProperties is not null || request.EcsPropertiesOverride is null)
                && (own.EksProperties is not null || request.EksPropertiesOverride is null)
                && (own.NodeProperties is not null || request.NodeOverrides is null),
            OpenTexts.OverridesOfAnotherKind);
    }

    private static Wire.ContainerProperties? Container(
        Wire.JobDefinition own, Wire.SubmitJobRequest request, bool isFargate, IReadOnlyDictionary<string, string> parameters)
    {
        if (own.ContainerProperties is null)
        {
            return null;
        }

        return Substituted(ContainerOverrides.Merge(own.ContainerProperties, request.ContainerOverrides, isFargate), parameters);
    }

    private static Wire.EcsTaskProperties? Task(
        Wire.JobDefinition own, Wire.SubmitJobRequest request, bool isFargate, IReadOnlyDictionary<string, string> parameters)
    {
        if (own.EcsProperties is null)
        {
            return null;
        }

        return Substituted(EcsOverrides.Merge(own.EcsProperties.TaskProperties![0], request.EcsPropertiesOverride, isFargate), parameters);
    }

    private static Wire.EksPodProperties? Pod(
        Wire.JobDefinition own, Wire.SubmitJobRequest request, IReadOnlyDictionary<string, string> parameters)
    {
        if (own.EksProperties is null)
        {
            return null;
        }

        return Substituted(EksOverrides.Merge(own.EksProperties.PodProperties!, request.EksPropertiesOverride), parameters);
    }

    private static Wire.NodeProperties? Nodes(
        Wire.JobDefinition own, Wire.SubmitJobRequest request, IReadOnlyDictionary<string, string> parameters)
    {
        if (own.NodeProperties is null)
        {
            return null;
        }

        RequireState(request.ArrayProperties?.Size is null, OpenTexts.ArrayOfMultinode);
        var nodes = NodeOverrides.Merge(own.NodeProperties, request.NodeOverrides);
        return nodes with
        {
            NodeRangeProperties =
            [
                .. nodes.NodeRangeProperties!.Select(r => r with
                {
                    Container = r.Container is { } container ? Substituted(container, parameters) : null,
                    EcsProperties = r.EcsProperties is { TaskProperties: [var task, ..] }
                        ? new() { TaskProperties = [Substituted(task, parameters)] }
                        : null,
                    EksProperties = r.EksProperties is { PodProperties: { } pod }
                        ? new() { PodProperties = Substituted(pod, parameters) }
                        : null,
                }),
            ],
        };
    }

    private static Wire.ContainerProperties Substituted(
        Wire.ContainerProperties container, IReadOnlyDictionary<string, string> parameters) =>
        container with { Command = ParameterSubstitution.Apply(container.Command ?? [], parameters) };

    private static Wire.EcsTaskProperties Substituted(
        Wire.EcsTaskProperties task, IReadOnlyDictionary<string, string> parameters) => task with
        {
            Containers = [.. task.Containers!.Select(c => c with { Command = ParameterSubstitution.Apply(c.Command ?? [], parameters) })],
        };

    private static Wire.EksPodProperties Substituted(Wire.EksPodProperties pod, IReadOnlyDictionary<string, string> parameters)
    {
        Wire.EksContainer Substituted(Wire.EksContainer container) => container with
        {
            Command = container.Command is { } command ? ParameterSubstitution.Apply(command, parameters) : null,
            Args = container.Args is { } arguments ? ParameterSubstitution.Apply(arguments, parameters) : null,
        };
        return pod with
        {
            Containers = [.. pod.Containers!.Select(Substituted)],
            InitContainers = pod.InitContainers?.Select(Substituted).ToList(),
        };
    }

    /// <summary>Returns the overrides of each task as JSON; ECS limits their size.</summary>
    private static IEnumerable<int> OverridesLengths(Wire.SubmitJobRequest request) =>
    [
        Length(request.ContainerOverrides, Contract.Batch.BatchJson.Wire.ContainerOverrides),
        Length(request.EcsPropertiesOverride, Contract.Batch.BatchJson.Wire.EcsPropertiesOverride),
        .. (request.NodeOverrides?.NodePropertyOverrides ?? [])
            .Select(o => Length(o.ContainerOverrides, Contract.Batch.BatchJson.Wire.ContainerOverrides)),
        .. (request.NodeOverrides?.NodePropertyOverrides ?? [])
            .Select(o => Length(o.EcsPropertiesOverride, Contract.Batch.BatchJson.Wire.EcsPropertiesOverride)),
    ];

    private static int Length<T>(T? overrides, JsonTypeInfo<T> type)
        where T : class => overrides is null ? 0 : JsonSerializer.SerializeToUtf8Bytes(overrides, type).Length;

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
