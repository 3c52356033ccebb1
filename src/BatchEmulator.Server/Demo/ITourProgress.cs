using BatchEmulator.Contract.Batch;

namespace BatchEmulator.Server.Demo;

/// <summary>Shows jobs on their way.</summary>
internal interface ITourProgress
{
    /// <summary>Shows them until the last has finished or the stream of changes ends.</summary>
    /// <param name="jobs">The jobs as they were submitted.</param>
    /// <param name="changes">Their changes from then on, those of array children included.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task ShowAsync(IReadOnlyList<JobDetail> jobs, IAsyncEnumerable<JobDetail> changes, CancellationToken cancellationToken);
}
