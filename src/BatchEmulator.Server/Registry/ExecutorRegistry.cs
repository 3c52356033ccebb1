using BatchEmulator.Core;
using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Resources;
using BatchEmulator.Executors.Docker;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Executors.Machine;
using BatchEmulator.Executors.Process;
using BatchEmulator.Executors.Secrets;
using BatchEmulator.Hosting;
using BatchEmulator.Server.Folders;

namespace BatchEmulator.Server.Registry;

/// <summary>Executors by the names of <c>--executor</c>, one row each.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="isEphemeral">True if running containers end with the server.</param>
/// <param name="hostShare">Returns the machine's share for jobs.</param>
/// <param name="secretsEndpoint">URL of secrets and parameters; null if there is none.</param>
internal sealed partial class ExecutorRegistry(DataFolder folder, bool isEphemeral, Func<ResourceAmounts> hostShare, Uri? secretsEndpoint)
{
    private static IReadOnlyList<(string Name, Func<ExecutorRegistry, Func<ExecutorContext, Task<IJobExecutor>>?> Of)> Rows { get; } =
    [
        ("auto", registry => registry.AutoAsync),
        ("docker", registry => registry.DockerAsync),
        ("process", registry => context => Task.FromResult<IJobExecutor>(registry.Process(context))),
        ("simulated", _ => null),
    ];

    /// <summary>Names of executors; the first one is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Rows.Select(row => row.Name)];

    /// <returns>A factory; null for the simulation, which is part of the emulator.</returns>
    public Func<ExecutorContext, Task<IJobExecutor>>? Find(string name) => Rows.Single(row => row.Name == name).Of(this);

    private async Task<IJobExecutor> AutoAsync(ExecutorContext context)
    {
        try
        {
            return Docker(context, await DockerSearch.FindAsync());
        }
        catch (NoDockerEngineException exception)
        {
            NoEngine(context.Loggers.CreateLogger<ExecutorRegistry>(), exception.Message);
            return Process(context);
        }
    }

    /// <exception cref="StartException">No engine answers.</exception>
    private async Task<IJobExecutor> DockerAsync(ExecutorContext context)
    {
        try
        {
            return Docker(context, await DockerSearch.FindAsync());
        }
        catch (NoDockerEngineException exception)
        {
            throw new StartException(
                $"--executor docker needs a Docker or Podman engine. {exception.Message} Set DOCKER_HOST, or choose another executor.");
        }
    }

    private MachineShare Docker(ExecutorContext context, DockerEngine engine)
    {
        if (isEphemeral)
        {
            EphemeralFolders.NoteContainers(folder.Path, context.InstanceId);
        }

        return OnMachine(context, observer => new DockerExecutor(
            observer,
            engine,
            new DockerExecutorOptions { InstanceId = context.InstanceId, Ephemeral = isEphemeral },
            context.CountStoredAsync.Invoke,
            context.Loggers.CreateLogger<DockerExecutor>()));
    }

    private MachineShare Process(ExecutorContext context) => OnMachine(context, observer => new ProcessExecutor(
        observer, new ProcessExecutorOptions { Root = folder.Attempts }, context.Time, context.Loggers.CreateLogger<ProcessExecutor>()));

    /// <summary>Secrets are fetched once an attempt has its room: they may have changed while it waited.</summary>
    private MachineShare OnMachine(ExecutorContext context, Func<IAttemptObserver, IJobExecutor> create) => new(
        context.Observer,
        observer => WithSecrets(context, observer, create(observer)),
        hostShare(),
        context.Loggers.CreateLogger<MachineShare>());

    private IJobExecutor WithSecrets(ExecutorContext context, IAttemptObserver observer, IJobExecutor executor) =>
        secretsEndpoint is { } endpoint
            ? new SecretInjection(
                executor, observer, SecretStore.Create(endpoint), context.Loggers.CreateLogger<SecretInjection>())
            : executor;

    [LoggerMessage(LogLevel.Warning, "No container engine answers: jobs run as processes of this machine (--executor process). {Problem}")]
    private static partial void NoEngine(ILogger logger, string problem);
}
