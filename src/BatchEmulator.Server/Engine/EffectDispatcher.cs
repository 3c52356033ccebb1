using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Engine;

/// <summary>Performs effects: hands attempts to the executor, and remembers their launches for as long as they are under way.</summary>
internal sealed class EffectDispatcher(IJobExecutor executor, AttemptDirectory attempts)
{
    public void Perform(IReadOnlyList<Effect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case StartAttempt { Launch: var launch }:
                    attempts.Add(launch);
                    executor.Start(launch);
                    break;
                case StopAttempt { Key: var key }:
                    executor.Stop(key);
                    break;
                default:
                    throw new NotSupportedException(effect.GetType().Name);
            }
        }
    }
}
