using BatchEmulator.Core.JobDefinitions;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>
/// Merges SubmitJob's ecsPropertiesOverride into a definition's task, container by container (API Reference, TaskContainerOverrides).
/// </summary>
internal static class EcsOverrides
{
    public static Wire.EcsTaskProperties Merge(Wire.EcsTaskProperties task, Wire.EcsPropertiesOverride? overrides, bool isFargate)
    {
        RequireState(overrides?.TaskProperties is null or { Count: <= 1 }, OpenTexts.OneTask);
        // The only container may be overridden without its name; of several overrides of one container, each is applied after those before
        // it.
        var byName = (overrides?.TaskProperties is [{ Containers: { } given }, ..] ? given : [])
            .ToLookup(c => c.Name ?? (task.Containers!.Count == 1 ? task.Containers[0].Name ?? "" : ""), StringComparer.Ordinal);
        if (byName.Count == 0)
        {
            return task;
        }

        foreach (var name in byName.Select(o => o.Key))
        {
            Require(task.Containers!.Any(c => (c.Name ?? "") == name), $"containerName {name} must reference a defined container.");
        }

        var merged = task with
        {
            Containers =
                [.. task.Containers!.Select(c => byName[c.Name ?? ""].Aggregate(c, (merged, o) => Merge(task, merged, o, isFargate)))],
        };
        if (isFargate)
        {
            ContainerOverrides.Bare(() => FargateRules.CheckSize(merged));
        }

        return merged;
    }

    private static Wire.TaskContainerProperties Merge(
        Wire.EcsTaskProperties task, Wire.TaskContainerProperties container, Wire.TaskContainerOverrides overrides, bool isFargate)
    {
        var merged = ContainerOverrides.Merge(
            TaskContainers.AsContainer(task, container),
            new()
            {
                Command = overrides.Command,
                Environment = overrides.Environment,
                ResourceRequirements = overrides.ResourceRequirements,
            },
            isFargate,
            isAlone: false);
        return container with
        {
            Command = merged.Command,
            Environment = merged.Environment,
            ResourceRequirements = merged.ResourceRequirements,
        };
    }
}
