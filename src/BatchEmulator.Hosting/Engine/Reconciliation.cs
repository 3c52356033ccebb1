using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// At the start, brings the committed state and what the executor still has together: an attempt that the executor has goes on; one
/// that had not started starts again; one that ran and is gone has lost its host. What the executor has and nobody knows, it removes.
/// </summary>
internal sealed class Reconciliation(
    BatchEngine engine, IJobExecutor executor, AttemptDirectory attempts, EngineMailbox mailbox, EffectDispatcher effects)
{
    private readonly List<AttemptKey> _lost = [];

    /// <summary>Asks the executor what it still has, and starts what had not started. To be called before anything else starts.</summary>
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
    /// Reports the attempts whose host is lost. To be called once the loop takes letters out of the mailbox, since there may be more than
    /// it holds.
    /// </summary>
    public async Task ReportLostAsync()
    {
        foreach (var key in _lost)
        {
            await mailbox.PostAsync(new AttemptEnded(key, new AttemptHostLost()));
        }

        _lost.Clear();
    }

    /// <summary>A stop that was asked for may not have reached the executor before the server ended.</summary>
    private void StopAgain(AttemptKey key)
    {
        if (engine.State.Jobs[key.JobId].StopReason is not null)
        {
            effects.Perform([new StopAttempt(key)]);
        }
    }
}
