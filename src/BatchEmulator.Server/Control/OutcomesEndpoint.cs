using BatchEmulator.Core;
using BatchEmulator.Core.Ports;
using BatchEmulator.Server.Executors.Simulated;

namespace BatchEmulator.Server.Control;

/// <summary><c>/_emulator/outcomes</c>: the rules by which simulated jobs go.</summary>
internal sealed class OutcomesEndpoint(OutcomeRules rules, IJobExecutor executor)
{
    public const int MaximumBody = 256 * 1024;

    /// <summary><c>{"rules":[...]}</c>, as they were given.</summary>
    public byte[] Json => rules.Json;

    /// <exception cref="ClientException">They make no sense, or nothing would go by them; nothing has changed.</exception>
    public void Replace(byte[] body)
    {
        if (executor is not SimulatedExecutor)
        {
            throw ClientException.Refused($"Outcome rules are for simulated jobs; this server runs jobs with {executor.Name}.");
        }

        try
        {
            rules.Replace(body);
        }
        catch (OutcomeRulesException exception)
        {
            throw ClientException.Refused(exception.Message);
        }
    }

    /// <summary>From now on no rules apply; those that are stored are not touched before <see cref="Forget"/>.</summary>
    public void Reset()
    {
        if (executor is SimulatedExecutor)
        {
            rules.Clear();
        }
    }

    /// <summary>Removes the stored rules.</summary>
    public void Forget()
    {
        if (executor is SimulatedExecutor)
        {
            rules.Forget();
        }
    }
}
