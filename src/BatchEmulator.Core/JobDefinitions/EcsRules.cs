using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.JobDefinitions;

/// <summary>Validates ecsProperties; messages are AWS's (User Guide, "Multi-container jobs"; API Reference, EcsTaskProperties).</summary>
internal static class EcsRules
{
    private const int MaximumContainers = 10;
    private static readonly string[] IpcModes = ["host", "task", "none"];
    private static readonly string[] PidModes = ["host", "task"];

    public static void Check(Wire.EcsProperties ecs, bool isFargate)
    {
        Require(ecs.TaskProperties!.Count == 1, OpenTexts.OneTask);
        var task = ecs.TaskProperties[0];
        var containers = task.Containers!;
        Require(containers.Count is > 0 and <= MaximumContainers, "Number of containers must be between 1 and 10");
        Require(
            string.IsNullOrEmpty(task.IpcMode) || IpcModes.Contains(task.IpcMode),
            $"ipcMode {task.IpcMode} is not valid. Valid values are: [host, task, none]");
        Require(
            string.IsNullOrEmpty(task.PidMode) || PidModes.Contains(task.PidMode),
            $"Capability {task.PidMode} is not valid. Valid capabilities: [host, task]");
        CheckNames(containers);
        Require(containers.Any(TaskContainers.IsEssential), "At least one container must be set as essential");
        TaskContainerDependencies.Check(containers);
        foreach (var container in containers)
        {
            ContainerRules.Check(TaskContainers.AsContainer(task, container), isFargate, isAlone: false);
        }

        Require(
            containers.All(c => c.FirelensConfiguration is null)
                || containers.Any(c => c.LogConfiguration?.LogDriver == Wire.LogDriver.Awsfirelens),
            "When a firelensConfiguration object is specified, "
                + "at least one container has to be configured with the awsfirelens log driver");
        if (isFargate)
        {
            FargateRules.CheckSize(task);
        }
    }

    private static void CheckNames(IReadOnlyList<Wire.TaskContainerProperties> containers)
    {
        Require(containers.Count == 1 || containers.All(c => !string.IsNullOrEmpty(c.Name)), OpenTexts.ContainerNameRequired);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in containers.Select(c => c.Name).OfType<string>())
        {
            ContainerRules.CheckName(name);
            Require(names.Add(name), $"The container name: {name} must be unique in multi-container job.");
        }
    }
}
