using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>Jobs at the heads of their lines that cannot be placed anywhere.</summary>
internal sealed class BlockedHeads : IProjection
{
    private readonly Dictionary<string, Job> _byLine = new(StringComparer.Ordinal);

    /// <summary>The jobs, by the ARN of their line: a quota share or a queue.</summary>
    public IReadOnlyDictionary<string, Job> ByLine => _byLine;

    public void Follow(Job? before, Job job)
    {
        if (job.BlockedSince is not null)
        {
            _byLine[job.Specification.LineArn] = job;
        }
        else if (before?.BlockedSince is not null)
        {
            _byLine.Remove(job.Specification.LineArn);
        }
    }

    public void Clear() => _byLine.Clear();
}
