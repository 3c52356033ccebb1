namespace BatchEmulator.Core.Engine;

/// <summary>Retention of finished jobs and deregistered job definitions, which stay describable for a while.</summary>
internal static class Retention
{
    /// <summary>Retention of job definitions (API Reference, DeregisterJobDefinition).</summary>
    public static readonly TimeSpan OfInactiveDefinitions = TimeSpan.FromDays(180);

    private const int MaximumDefinitionsAtOnce = 1_000;

    public static void Forget(Turn turn)
    {
        turn.Record(new FinishedJobsExpired(turn.Now - turn.State.Options.Retention));
        for (var purged = 0; purged < MaximumDefinitionsAtOnce && turn.State.Definitions.LongestInactive is { } definition; purged++)
        {
            if (definition.DeregisteredAt + OfInactiveDefinitions > turn.Now)
            {
                break;
            }

            turn.Record(new JobDefinitionPurged(definition));
        }
    }
}
