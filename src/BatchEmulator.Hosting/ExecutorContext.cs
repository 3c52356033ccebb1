using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting;

/// <summary>Surroundings of an executor.</summary>
/// <param name="Observer">Observer of attempts.</param>
/// <param name="InstanceId">Permanent name of the storage; all objects that the executor leaves on the machine carry it.</param>
/// <param name="Time">The emulator's clock.</param>
/// <param name="CountStoredAsync">
/// Counts the stored lines of a container, which an executor that reads its log from the beginning may skip.
/// </param>
/// <param name="Loggers">Loggers.</param>
public sealed record ExecutorContext(
    IAttemptObserver Observer,
    string InstanceId,
    TimeProvider Time,
    Func<AttemptLaunch, ContainerLaunch, Task<long>> CountStoredAsync,
    ILoggerFactory Loggers);
