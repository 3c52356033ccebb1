using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Explanations;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Storage;
using BatchEmulator.Hosting.Engine;
using BatchEmulator.Hosting.Http;

namespace BatchEmulator.Hosting.Control;

/// <summary><c>/_emulator/explain/{jobId}</c>: tells why a job is where it is.</summary>
internal sealed class ExplainEndpoint(EngineMailbox mailbox, IBatchQueries queries, ReadLane reads, Scope defaults)
{
    /// <summary>Explains a job.</summary>
    /// <param name="idOrArn">Id or ARN of a job, a child, a node or a service job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The explanation; null if there is no such job.</returns>
    public async Task<JobExplanation?> ExplainAsync(string idOrArn, CancellationToken cancellationToken)
    {
        var (scope, id) = Arn.Parse(idOrArn) is { } arn && arn.Type is Arn.JobType or Arn.ServiceJobType
            ? (arn.Scope, arn.Name)
            : (defaults, idOrArn);
        var reply = await mailbox.ExecuteAsync(new Command<ExplainJob.Reply>(turn => ExplainJob.Decide(turn, id)), cancellationToken);
        return reply?.Explanation
            ?? await reads.RunAsync(
                () => queries.Jobs(scope, [id]) is [var found] ? ExplainJob.OfFinished(found.Value) : null, cancellationToken);
    }
}
