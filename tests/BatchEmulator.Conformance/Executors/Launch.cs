using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Builds attempts that read aloud.</summary>
public static class Launch
{
    /// <summary>Name of the container of an attempt that has one.</summary>
    public const string OnlyContainer = "default";

    public static AttemptLaunch Of(params ContainerLaunch[] containers)
    {
        var id = Guid.NewGuid().ToString();
        return new AttemptLaunch
        {
            Key = new AttemptKey(id, 1),
            Scope = new Scope("000000000000", "us-east-1"),
            JobName = "job",
            JobQueue = "queue",
            JobDefinition = "definition:1",
            Containers = [.. containers.Select(container => container with
            {
                Environment = [new("AWS_BATCH_JOB_ID", id), .. container.Environment],
            })],
        };
    }

    public static ContainerLaunch Container(string image, params string[] command) => new()
    {
        Name = OnlyContainer,
        Image = image,
        Command = command,
        Environment = [],
        Vcpus = 0.25,
        MemoryMiB = 64,
        Properties = new Wire.ContainerProperties(),
        Log = new LogDestination("/aws/batch/job", "stream"),
    };

    public static AttemptLaunch With(this AttemptLaunch launch, Func<ContainerLaunch, ContainerLaunch> change) =>
        launch with { Containers = [.. launch.Containers.Select(change)] };
}
