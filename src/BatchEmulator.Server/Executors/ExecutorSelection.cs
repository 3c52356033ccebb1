using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Executors.Docker;
using BatchEmulator.Server.Executors.Process;
using BatchEmulator.Server.Executors.Secrets;
using BatchEmulator.Server.Executors.Simulated;
using BatchEmulator.Server.Outgoing;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Executors;

/// <summary>Makes the executor that <c>--executor</c> names; <c>auto</c> takes a container engine when one answers, else processes.</summary>
internal sealed partial class ExecutorSelection(ServerSettings settings, string instanceId, DataFolder folder, OutcomeRules rules, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _logger = loggers.CreateLogger<ExecutorSelection>();

    /// <exception cref="SettingsException">The executor that was asked for cannot be had.</exception>
    public async Task<IJobExecutor> CreateAsync(AttemptReporter reporter)
    {
        switch (settings.Executor)
        {
            case "simulated":
                return new SimulatedExecutor(reporter, rules, time, loggers.CreateLogger<SimulatedExecutor>(), reporter.Break);
            case "process":
                return Process(reporter);
            case "docker":
                return await DockerClient.FindAsync() is { } engine
                    ? Docker(reporter, engine)
                    : throw new SettingsException("--executor docker needs a Docker or Podman engine, and none answers. Set DOCKER_HOST, or choose another executor.");
            default:
                if (await DockerClient.FindAsync() is { } found)
                {
                    return Docker(reporter, found);
                }

                NoEngine();
                return Process(reporter);
        }
    }

    private MachineShare Docker(AttemptReporter reporter, DockerClient engine)
    {
        if (settings.Ephemeral)
        {
            EphemeralFolders.NoteContainers(folder.Path, instanceId);
        }

        return OnMachine(reporter, observer => new DockerExecutor(
            observer,
            engine,
            new DockerExecutorOptions { InstanceId = instanceId, Ephemeral = settings.Ephemeral },
            reporter.CountStoredAsync,
            loggers.CreateLogger<DockerExecutor>()));
    }

    private MachineShare Process(AttemptReporter reporter) => OnMachine(
        reporter,
        observer => new ProcessExecutor(observer, new ProcessExecutorOptions { Root = folder.File("attempts") }, time, loggers.CreateLogger<ProcessExecutor>()));

    /// <summary>Secrets are fetched once an attempt has its room: they may have changed while it waited.</summary>
    private MachineShare OnMachine(AttemptReporter reporter, Func<IAttemptObserver, IJobExecutor> create) => new(
        reporter, observer => WithSecrets(observer, create(observer)), settings.HostShare, loggers.CreateLogger<MachineShare>());

    private IJobExecutor WithSecrets(IAttemptObserver reporter, IJobExecutor executor) => settings.SecretsEndpoint is { } endpoint
        ? new SecretInjection(executor, reporter, new SecretStore(endpoint, AwsCredentials.FromEnvironment()), loggers.CreateLogger<SecretInjection>())
        : executor;

    [LoggerMessage(LogLevel.Warning, "No container engine answers: jobs run as processes of this machine (--executor process).")]
    private partial void NoEngine();
}
