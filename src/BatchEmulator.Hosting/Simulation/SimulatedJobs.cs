using BatchEmulator.Core;
using BatchEmulator.Hosting.Engine;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>The executor of simulated jobs and the rules that it follows.</summary>
internal sealed record SimulatedJobs(SimulatedExecutor Executor, OutcomeRules Rules)
{
    /// <param name="stateFolder">Folder of the stored rules; null keeps them in memory.</param>
    /// <param name="reporter">Observer of the attempts.</param>
    /// <param name="clock">Clock of the run times.</param>
    /// <param name="loggers">Loggers.</param>
    /// <exception cref="StartException">The stored rules cannot be read.</exception>
    public static SimulatedJobs Create(string? stateFolder, AttemptReporter reporter, EmulatorClock clock, ILoggerFactory loggers)
    {
        var rules = ReadRules(stateFolder is null ? null : Path.Combine(stateFolder, "outcomes.json"));
        return new(new SimulatedExecutor(reporter, rules, clock, loggers.CreateLogger<SimulatedExecutor>(), reporter.Break), rules);
    }

    private static OutcomeRules ReadRules(string? path)
    {
        try
        {
            return new OutcomeRules(path);
        }
        catch (OutcomeRulesException exception)
        {
            throw new StartException($"The outcome rules in {path} cannot be read: {exception.Message}");
        }
    }
}
