using BatchEmulator.Core;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting.Simulation;

/// <summary><c>/_emulator/outcomes</c>: the rules that determine simulated jobs.</summary>
internal sealed class OutcomesEndpoint(IJobExecutor executor, SimulatedJobs? simulation = null)
{
    public const int MaximumBody = 256 * 1024;

    /// <summary>The rules as given, <c>{"rules":[...]}</c>.</summary>
    public byte[] Json => simulation?.Rules.Json ?? OutcomeRules.None;

    /// <exception cref="ClientException">The rules are invalid, or nothing would use them; nothing has changed.</exception>
    public void Replace(byte[] body)
    {
        if (simulation is null)
        {
            throw ClientException.Refused($"Outcome rules are for simulated jobs; this server runs jobs with {executor.Name}.");
        }

        try
        {
            simulation.Rules.Replace(body);
        }
        catch (OutcomeRulesException exception)
        {
            throw ClientException.Refused(exception.Message);
        }
    }

    /// <summary>Removes the rules from memory; the stored ones are unchanged before <see cref="Forget"/>.</summary>
    public void Reset() => simulation?.Rules.Clear();

    /// <summary>Removes the stored rules.</summary>
    public void Forget() => simulation?.Rules.Forget();
}
