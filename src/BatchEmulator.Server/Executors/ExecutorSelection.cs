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
                return new SimulatedExecutor(reporter, rules, time, loggers.CreateLogger<SimulatedExecutor>());
            case "process":
                return WithSecrets(Process(reporter), reporter);
            case "docker":
                return await DockerClient.FindAsync() is { } engine
                    ? WithSecrets(Docker(reporter, engine), reporter)
                    : throw new SettingsException("--executor docker needs a Docker or Podman engine, and none answers. Set DOCKER_HOST, or choose another executor.");
            default:
                if (await DockerClient.FindAsync() is { } found)
                {
                    return WithSecrets(Docker(reporter, found), reporter);
                }

                NoEngine();
                return WithSecrets(Process(reporter), reporter);
        }
    }

    private IJobExecutor WithSecrets(IJobExecutor executor, AttemptReporter reporter) => settings.SecretsEndpoint is { } endpoint
        ? new SecretInjection(executor, reporter, new SecretStore(endpoint, AwsCredentials.FromEnvironment()), loggers.CreateLogger<SecretInjection>())
        : executor;

    private DockerExecutor Docker(AttemptReporter reporter, DockerClient engine) => new(
        reporter,
        engine,
        new DockerExecutorOptions { InstanceId = instanceId, Ephemeral = settings.Ephemeral },
        reporter.CountStoredAsync,
        loggers.CreateLogger<DockerExecutor>());

    private ProcessExecutor Process(AttemptReporter reporter) =>
        new(reporter, new ProcessExecutorOptions { Root = folder.File("attempts") }, time, loggers.CreateLogger<ProcessExecutor>());

    [LoggerMessage(LogLevel.Warning, "No container engine answers: jobs run as processes of this machine (--executor process).")]
    private partial void NoEngine();
}
