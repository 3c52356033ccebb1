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
        for (var purged = 0; purged < MaximumDefinitionsAtOnce && turn.State.Definitions.Inactive.TryPeek(out var definition, out _); purged++)
        {
            if (definition.DeregisteredAt + OfInactiveDefinitions > turn.Now)
            {
                break;
            }

            turn.State.Definitions.Inactive.Dequeue();
            turn.Record(new JobDefinitionPurged(definition));
        }
    }
}
