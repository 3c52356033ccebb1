using BatchEmulator.Contract.Batch;
using Spectre.Console;

namespace BatchEmulator.Server.Demo;

/// <summary>A table that is redrawn while the jobs progress.</summary>
internal sealed class LiveProgress(TourClient client, IAnsiConsole console, TimeProvider time) : ITourProgress
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    public Task ShowAsync(IReadOnlyList<JobDetail> jobs, IAsyncEnumerable<JobDetail> changes, CancellationToken cancellationToken) =>
        console.Live(Draw(jobs)).StartAsync(async live =>
        {
            var hasChanged = true;
            var reading = ReadAsync(changes, () => Volatile.Write(ref hasChanged, value: true), cancellationToken);
            var request = new DescribeJobsRequest { Jobs = [.. jobs.Select(job => job.JobId!)] };
            var shown = jobs;
            while (!reading.IsCompleted && shown.Any(job => !job.HasFinished()))
            {
                await Task.Delay(Frame, time, cancellationToken);
                if (Interlocked.Exchange(ref hasChanged, value: false))
                {
                    shown = (await client.CallAsync(Operations.DescribeJobs, request, cancellationToken)).Jobs ?? [];
                }

                live.UpdateTarget(Draw(shown));
            }
        });

    private static async Task ReadAsync(IAsyncEnumerable<JobDetail> changes, Action changed, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var _ in changes.WithCancellation(cancellationToken))
            {
                changed();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The stream was closed when all jobs had finished, or the server ends.
        }
    }

    private Table Draw(IReadOnlyList<JobDetail> jobs)
    {
        // Fixed widths: columns that adapt to their contents would jump from frame to frame.
        var table = new Table().RoundedBorder().AddColumns(
            new TableColumn("Job").Width(8),
            new TableColumn("Status").Width(9),
            new TableColumn("Children").Width(36),
            new TableColumn("Elapsed").Width(7));
        foreach (var job in jobs)
        {
            table.AddRow(
                new Markup(Markup.Escape(job.JobName!)),
                new Markup($"[{Colour(job.Status)}]{job.Status}[/]"),
                new Markup(Children(job)),
                new Text(Elapsed(job)));
        }

        return table;
    }

    private static string Children(JobDetail job) => job.ArrayProperties is not { Size: { } size, StatusSummary: { } counts }
        ? job.DependsOn is { Count: > 0 } && job.Status == JobStatus.Pending ? $"waits for {TourRequests.Squares}" : ""
        : string.Join(
            ' ',
            counts.Where(count => count.Value > 0).Select(count => $"[{Colour(count.Key)}]{count.Value} {count.Key}[/]")
                .DefaultIfEmpty($"{size}"));

    /// <summary>Duration from submission to the end; AWS shows no end of an array, so the last change of its children is used.</summary>
    private string Elapsed(JobDetail job)
    {
        var end = job.StoppedAt
            ?? (job.HasFinished() ? job.ArrayProperties?.StatusSummaryLastUpdatedAt : null)
            ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        return $"{Math.Max(0, end - job.CreatedAt!.Value) / 1000.0:0.0} s";
    }

    private static string Colour(string? status) => status switch
    {
        JobStatus.Succeeded => "green",
        JobStatus.Failed => "red",
        JobStatus.Running => "blue",
        JobStatus.Starting => "aqua",
        JobStatus.Runnable => "yellow",
        _ => "grey",
    };
}
