using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>
/// Validates the order in which the containers of a task start; messages are AWS's (API Reference, TaskContainerDependency).
/// </summary>
internal static class TaskContainerDependencies
{
    private static readonly string[] Conditions = ["START", "COMPLETE", "SUCCESS"];

    public static void Check(IReadOnlyList<Wire.TaskContainerProperties> containers)
    {
        foreach (var dependency in containers.SelectMany(c => c.DependsOn ?? []))
        {
            Require(containers.Count > 1, "Container dependency can not be used in a single-container job.");
            var target = containers.FirstOrDefault(c => c.Name == dependency.ContainerName && c.Name is not null);
            Require(target is not null, $"containerName {dependency.ContainerName} must reference a defined container.");
            Require(
                dependency.Condition is { } condition && Conditions.Contains(condition),
                $"TaskContainer dependency {dependency.Condition} is not valid. Valid values are: [START, COMPLETE, SUCCESS]");
            Require(
                dependency.Condition == "START" || !TaskContainers.IsEssential(target!),
                $"The container target of a dependency can not have condition {dependency.Condition} if the target is essential");
        }

        Require(IsAcyclic(containers), OpenTexts.ContainerDependencyCycle);
    }

    private static bool IsAcyclic(IReadOnlyList<Wire.TaskContainerProperties> containers)
    {
        var left = containers.ToList();
        var started = new HashSet<string?>();
        while (left.Count > 0)
        {
            var ready = left.Where(c => (c.DependsOn ?? []).All(d => started.Contains(d.ContainerName))).ToList();
            if (ready.Count == 0)
            {
                return false;
            }

            ready.ForEach(c => started.Add(c.Name));
            left.RemoveAll(ready.Contains);
        }

        return true;
    }
}
