using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Storage.Listings;

/// <summary>
/// Indexes over the jobs of one queue, without the parts of jobs, from which <see cref="QueueListing"/> builds the pages of ListJobs.
/// Everything is read from one committed state; a call costs a look-up and what it returns, however many jobs the queue has.
/// </summary>
public interface IQueueIndexes
{
    /// <summary>Reads the job at a place in the total order, which came from one of the indexes.</summary>
    Job Find(long sequence);

    /// <summary>Reads jobs in a status, newest first.</summary>
    /// <param name="status">The status.</param>
    /// <param name="share">Share identifier of the jobs; null for all jobs, with or without one.</param>
    /// <param name="before">Place in the total order before which to read.</param>
    /// <param name="limit">Maximum number of jobs.</param>
    IReadOnlyList<Job> OfStatus(JobStatus status, string? share, long before, int limit);

    /// <summary>Returns the place of the first job that <see cref="OfStatus"/> reads; null if there is none.</summary>
    long? NewestOfStatus(JobStatus status, string? share, long before);

    /// <summary>Reads jobs of a name in any case, newest first.</summary>
    IReadOnlyList<Job> OfName(string name, long before, int limit);

    /// <summary>Returns the next name of a job, in the order of names in lower case; null if there is none.</summary>
    /// <param name="name">A name, which may belong to no job.</param>
    /// <param name="isIncluded">True to return that name itself if a job has it.</param>
    string? NextName(string name, bool isIncluded);

    /// <summary>Reads jobs by the time of their creation and, in the same millisecond, by their places, the latest first.</summary>
    /// <param name="after">Time after which the jobs were created, in milliseconds.</param>
    /// <param name="before">Time and place before which to read.</param>
    /// <param name="limit">Maximum number of jobs.</param>
    IReadOnlyList<Job> OfTime(long after, JobPlace before, int limit);

    /// <summary>
    /// Enumerates the places of all jobs in the order of <see cref="OfTime"/>, with the ARN of the job definition, which may be empty.
    /// </summary>
    IEnumerable<(JobPlace Place, string DefinitionArn)> Walk(JobPlace before, int limit);

    /// <summary>Returns the place of a revision of a job definition, whether or not it was purged; null if there is none.</summary>
    long? FindDefinition(string arn);

    /// <summary>Returns the places of all revisions of a job definition, purged ones too, in any order.</summary>
    /// <param name="scope">Scope of the definition.</param>
    /// <param name="name">Its name, or the beginning of its name.</param>
    /// <param name="isPrefix">True for the beginning of a name.</param>
    /// <param name="limit">Maximum number of places.</param>
    IReadOnlyList<long> FindDefinitions(Scope scope, string name, bool isPrefix, int limit);

    /// <summary>Returns the place of the newest job of a revision of a job definition before a place; null if there is none.</summary>
    long? NewestOfDefinition(long definition, long before);
}
