using System.Globalization;
using BatchEmulator.Core;
using BatchEmulator.Core.Costs;
using BatchEmulator.Core.Engine;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Control;

/// <summary><c>GET /_emulator/cost</c>: the estimated cost of what has run.</summary>
internal sealed class CostEndpoint(EngineMailbox mailbox)
{
    /// <summary>Maximum number of jobs that are listed, which is that of the rows that are kept.</summary>
    public const int MaximumJobs = 100_000;

    private const string JobsParameter = "jobs";
    private const int DefaultJobs = 100;
    private const int MaximumNameInError = 200;

    /// <exception cref="ClientException">A parameter is unknown or invalid.</exception>
    public async Task<CostReport> ReadAsync(IQueryCollection query, CancellationToken cancellationToken)
    {
        var jobs = JobsOf(query);
        return (await mailbox.ExecuteAsync(new Command<CostReport>(turn => EngineCosts.Read(turn, jobs)), cancellationToken))!;
    }

    private static int JobsOf(IQueryCollection query)
    {
        foreach (var name in query.Keys.Where(name => name != JobsParameter))
        {
            throw ClientException.Refused($"Unknown parameter {Excerpt.Of(name, MaximumNameInError)}: only {JobsParameter} is known.");
        }

        if (!query.TryGetValue(JobsParameter, out var given))
        {
            return DefaultJobs;
        }

        return int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs <= MaximumJobs
            ? jobs
            : throw ClientException.Refused($"{JobsParameter} must be a whole number from 0 to {MaximumJobs}.");
    }
}
