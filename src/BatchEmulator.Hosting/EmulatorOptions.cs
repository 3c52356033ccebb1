using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Resources;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchEmulator.Hosting;

/// <summary>Options of an <see cref="Emulator"/>.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>
    /// Port to listen on; 0 selects a free one. Null for none: requests enter through <see cref="Emulator.CreateHandler"/>.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Names other than those of the loopback interface and addresses, to which the emulator answers as <c>Host</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Account and Region of requests whose credentials do not name them.</summary>
    public Scope Scope { get; init; } = new("000000000000", "us-east-1");

    /// <summary>Creates a compute environment and a job queue, both named <c>default</c>, if they do not exist.</summary>
    public bool Bootstrap { get; init; }

    /// <summary>Environment variables that are added to those of every job.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> JobEnvironment { get; init; } = [];

    /// <summary>
    /// Time for which environments and queues are CREATING, UPDATING and DELETING; zero completes a change with its request.
    /// </summary>
    public TimeSpan ResourceDelay { get; init; } = Settling.Duration;

    /// <summary>Time for which finished jobs stay describable.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// True if managed EC2 and Spot environments have instances, which decide when and where jobs start; false if room within
    /// <c>maxvCpus</c> is enough.
    /// </summary>
    public bool HasInstances { get; init; } = true;

    /// <summary>Time until a launched instance can run jobs.</summary>
    public TimeSpan ScaleUpDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Time for which an instance is kept without jobs.</summary>
    public TimeSpan ScaleDownDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Percentage by which Spot capacity is cheaper than On-Demand capacity in cost reports.</summary>
    public decimal SpotDiscountPercent { get; init; } = 65;

    /// <summary>Limits of the operations.</summary>
    public Limits Limits { get; init; } = Limits.Relaxed;

    /// <summary>URL to which every state change of a job is posted as JSON.</summary>
    public Uri? EventsWebhook { get; init; }

    /// <summary>URL of an endpoint that takes EventBridge's PutEvents.</summary>
    public Uri? EventsEndpoint { get; init; }

    /// <summary>Folder for the lead of the clock and the outcome rules of simulated jobs; null keeps neither.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Opens the storage; by default, one in memory.</summary>
    public Func<TimeProvider, EmulatorStorage> OpenStorage { get; init; } = _ => EmulatorStorage.InMemory();

    /// <summary>Creates the executor; null simulates jobs.</summary>
    public Func<ExecutorContext, Task<IJobExecutor>>? CreateExecutor { get; init; }

    /// <summary>Loggers, which the caller owns.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
