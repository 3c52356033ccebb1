using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Engine;

namespace BatchEmulator.Hosting.Engine;

/// <summary>
/// Performs effects: hands attempts to the executor, and remembers their launches while they are pending; warnings go to the log.
/// </summary>
internal sealed partial class EffectDispatcher(IJobExecutor executor, AttemptDirectory attempts, ILogger<EffectDispatcher> logger)
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
                case LogJobWarning { JobArn: var arn, Text: var text }:
                    WarnAboutJob(arn, text);
                    break;
                default:
                    throw new NotSupportedException(effect.GetType().Name);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{JobArn}: {Text}")]
    private partial void WarnAboutJob(string jobArn, string text);
}
