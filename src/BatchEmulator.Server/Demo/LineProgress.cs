using BatchEmulator.Contract.Batch;

namespace BatchEmulator.Server.Demo;

/// <summary>A line for every change of state, suitable for a file or a pipe.</summary>
internal sealed class LineProgress(TextWriter output) : ITourProgress
{
    public async Task ShowAsync(IReadOnlyList<JobDetail> jobs, IAsyncEnumerable<JobDetail> changes, CancellationToken cancellationToken)
    {
        var left = jobs.Select(job => job.JobId!).ToHashSet(StringComparer.Ordinal);
        await foreach (var change in changes.WithCancellation(cancellationToken))
        {
            var index = change.ArrayProperties?.Index;
            var name = index is null ? change.JobName : $"{change.JobName}:{index}";
            await output.WriteLineAsync(
                $"  {name,-10} {change.Status}{(change.Status == JobStatus.Failed ? $" ({change.StatusReason})" : "")}");
            if (change.HasFinished() && left.Remove(change.JobId!) && left.Count == 0)
            {
                return;
            }
        }
    }
}
