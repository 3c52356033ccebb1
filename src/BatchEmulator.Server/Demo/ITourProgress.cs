using BatchEmulator.Contract.Batch;

namespace BatchEmulator.Server.Demo;

/// <summary>Shows the progress of jobs.</summary>
internal interface ITourProgress
{
    /// <summary>Shows the jobs until the last one has finished or the stream of changes ends.</summary>
    /// <param name="jobs">The jobs as submitted.</param>
    /// <param name="changes">Their further changes, those of array children included.</param>
    /// <param name="cancellationToken">Ends the display.</param>
    Task ShowAsync(IReadOnlyList<JobDetail> jobs, IAsyncEnumerable<JobDetail> changes, CancellationToken cancellationToken);
}
