using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Operations;

/// <summary>Finds the service job that a request names, by id or, as the SageMaker SDK does, by ARN.</summary>
internal static class ServiceJobLookup
{
    public static string IdOf(Scope scope, string idOrArn) => JobIds.Of(scope, idOrArn, Arn.ServiceJobType);

    /// <summary>Finds an unfinished job; null if it is unknown or finished.</summary>
    public static Job? FindUnfinished(Turn turn, Scope scope, string idOrArn) =>
        turn.State.Jobs.TryGetValue(IdOf(scope, idOrArn), out var job) && job.Scope == scope && job.IsService ? job : null;
}
