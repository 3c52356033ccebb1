using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// Reconciles the committed state with the executor's attempts at the start: an attempt that the executor still has continues; one that had
/// not started starts again; one that ran and is gone has lost its host. The executor removes attempts that are unknown here.
/// </summary>
internal sealed class Reconciliation(
    BatchEngine engine, IJobExecutor executor, AttemptDirectory attempts, EngineMailbox mailbox, EffectDispatcher effects)
{
    private readonly List<AttemptKey> _lost = [];

    /// <summary>
    /// Asks the executor which attempts it still has, and starts those that had not started. Called before anything else starts.
    /// </summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var state = engine.State;
        var expected = state.Jobs.Values
            .Where(j => j.Status.IsPlaced() && !j.IsMultiNode)
            .OrderBy(j => j.Current!.Placement)
            .ThenBy(j => j.Sequence)
            .Select(j => new RecoverableAttempt(AttemptLaunches.For(j, state.Options.JobEnvironment), j.Current!.StartedAt))
            .ToList();
        expected.ForEach(e => attempts.Add(e.Launch));
        var recovered = await executor.RecoverAsync(expected, cancellationToken);
        foreach (var (launch, startedAt) in expected)
        {
            if (recovered.Contains(launch.Key))
            {
                StopAgain(launch.Key);
            }
            else if (startedAt is null)
            {
                effects.Perform([new StartAttempt(launch)]);
                StopAgain(launch.Key);
            }
            else
            {
                attempts.Remove(launch.Key);
                _lost.Add(launch.Key);
            }
        }
    }

    /// <summary>
    /// Reports the attempts whose host is lost. Called once the loop takes inputs out of the mailbox, since there may be more than it
    /// holds.
    /// </summary>
    public async Task ReportLostAsync()
    {
        foreach (var key in _lost)
        {
            await mailbox.PostAsync(new AttemptEnded(key, new AttemptHostLost()));
        }

        _lost.Clear();
    }

    /// <summary>Repeats a stop, which may not have reached the executor before the server ended.</summary>
    private void StopAgain(AttemptKey key)
    {
        if (engine.State.Jobs[key.JobId] is { StopReason: not null } or { IsBeingPreempted: true })
        {
            effects.Perform([new StopAttempt(key)]);
        }
    }
}
