using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting;

/// <summary>Surroundings of an executor.</summary>
/// <param name="Observer">Is notified of what happens to attempts.</param>
/// <param name="InstanceId">Names the storage: everything that the executor leaves on the machine carries it.</param>
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
