using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Hosting.Events;

/// <summary>
/// An event of a job that waits for its delivery. Every attempt to deliver it sends the same id, so that a receiver can recognize a
/// repetition.
/// </summary>
/// <param name="jobId">The job; its events are delivered in their order.</param>
/// <param name="scope">The job's.</param>
/// <param name="detailType">E.g. <c>Batch Job State Change</c>.</param>
/// <param name="resources">ARNs of what it is about.</param>
/// <param name="at">When it happened.</param>
/// <param name="json">What is sent.</param>
internal sealed class JobEvent(
    string jobId, Scope scope, string detailType, IReadOnlyList<string> resources, DateTimeOffset at, EventJson json)
{
    public string JobId => jobId;

    public Scope Scope => scope;

    public string DetailType => detailType;

    public IReadOnlyList<string> Resources => resources;

    public DateTimeOffset At => at;

    public EventJson Json => json;

    public static JobEvent Of(Job job, DateTimeOffset at, EventJson json) =>
        new(job.Id, job.Scope, EventWriter.DetailTypeOf(job), EventWriter.ResourcesOf(job), at, json);
}
