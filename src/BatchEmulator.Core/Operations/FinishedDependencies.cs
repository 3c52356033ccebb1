using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Storage;

namespace BatchEmulator.Core.Operations;

/// <summary>Dependencies of a submission, as read from the store: the engine itself keeps only unfinished jobs.</summary>
internal sealed class FinishedDependencies
{
    private static readonly FinishedDependencies None = new();
    private readonly Dictionary<string, (Job Job, IReadOnlyList<JobStatus>? Children)> _jobs = new(StringComparer.Ordinal);

    public static FinishedDependencies Read(IBatchQueries queries, Scope scope, Wire.SubmitJobRequest request)
    {
        if (request.DependsOn is not { Count: > 0 } dependencies)
        {
            return None;
        }

        var read = new FinishedDependencies();
        foreach (var (job, _) in queries.Jobs(
            scope, [.. dependencies.Select(d => d.JobId).OfType<string>().Select(id => JobIds.Of(scope, id)).Distinct()]))
        {
            var isMixed = job.IsArrayParent && job.Status == JobStatus.Failed;
            read._jobs[job.Id] = (job, isMixed ? queries.ChildStatuses(job) : null);
        }

        return read;
    }

    public Job? Find(string jobId) => _jobs.TryGetValue(jobId, out var known) ? known.Job : null;

    /// <summary>Returns the status of the child of a finished array.</summary>
    public JobStatus ChildStatus(string arrayId, int index)
    {
        var (job, children) = _jobs[arrayId];
        return children is null ? job.Status : children[index];
    }
}
