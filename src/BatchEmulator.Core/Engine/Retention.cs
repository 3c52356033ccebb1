namespace BatchEmulator.Core.Engine;

/// <summary>Finished jobs and deregistered job definitions stay describable for a while and are then forgotten.</summary>
internal static class Retention
{
    /// <summary>API Reference, DeregisterJobDefinition.</summary>
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
