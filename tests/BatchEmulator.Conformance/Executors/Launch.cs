using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Conformance.Executors;

/// <summary>Builds attempts in readable form.</summary>
public static class Launch
{
    /// <summary>Name of the container of an attempt that has one.</summary>
    public const string OnlyContainer = "default";

    /// <summary>Creates an attempt of some containers, with a random job id.</summary>
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

    /// <summary>Creates the only container of an attempt, with a quarter of a vCPU and 64 MiB.</summary>
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

    /// <summary>Changes each container of an attempt.</summary>
    public static AttemptLaunch With(this AttemptLaunch launch, Func<ContainerLaunch, ContainerLaunch> change) =>
        launch with { Containers = [.. launch.Containers.Select(change)] };
}
