using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// An event of a job that waits for its delivery. Every attempt to deliver it sends the same id, so that a receiver can recognize
/// repetitions.
/// </summary>
/// <param name="jobId">Id of the job; its events are delivered in order.</param>
/// <param name="scope">Account and Region of the job.</param>
/// <param name="detailType">Detail type, e.g. <c>Batch Job State Change</c>.</param>
/// <param name="resources">ARNs that the event concerns.</param>
/// <param name="at">Time of the event.</param>
/// <param name="json">JSON of the event.</param>
internal sealed class JobEvent(
    string jobId, Scope scope, string detailType, IReadOnlyList<string> resources, DateTimeOffset at, EventJson json)
{
    public string JobId => jobId;

    public Scope Scope => scope;

    public string DetailType => detailType;

    public IReadOnlyList<string> Resources => resources;

    public DateTimeOffset At => at;

    public EventJson Json => json;

    public static JobEvent Of(Job job, string detailType, DateTimeOffset at, EventJson json) =>
        new(job.Id, job.Scope, detailType, EventWriter.ResourcesOf(job), at, json);
}
