using System.Globalization;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;
using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Explanations;

/// <summary>
/// Explains why a job is where it is: its place in its queue, the answer of each environment to the job at the front, what it depends on,
/// and when that could change. It words the latest scheduling plan, and decides nothing again.
/// </summary>
public static class ExplainJob
{
    private const int MaximumDependencies = 10;

    /// <summary>Explains a job that is not finished.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="jobId">Id of the job.</param>
    /// <returns>Without an explanation if no unfinished job has the id.</returns>
    public static Reply Decide(Turn turn, string jobId) =>
        new(turn.State.Jobs.TryGetValue(jobId, out var job) && !job.Status.IsFinished() ? Of(turn.State, job, turn.Now) : null);

    /// <summary>Explains a job that is finished.</summary>
    public static JobExplanation OfFinished(Job job) => Begin(job) with
    {
        Sentences =
        [
            job.Status == JobStatus.Succeeded
                ? $"It succeeded at {Time(job.StoppedAt!.Value)}."
                : Sentence($"It failed at {Time(job.StoppedAt!.Value)}", job.StatusReason),
            .. AttemptsOf(job),
        ],
    };

    private static JobExplanation Of(BatchState state, Job job, DateTimeOffset now) => job.Status switch
    {
        _ when job.IsArrayParent => OfArray(state, job, now),
        JobStatus.Submitted or JobStatus.Pending => OfWaiting(state, job),
        JobStatus.Runnable => OfRunnable(state, job, now),
        _ => OfPlaced(state, job),
    };

    private static JobExplanation OfArray(BatchState state, Job job, DateTimeOffset now)
    {
        var dependencies = DependenciesOf(state, job);
        var children = state.Dependencies.Arrays.TryGetValue(job.Id, out var array)
            ? string.Join(", ", array.Summary(now).ToWire().Where(count => count.Value > 0).Select(count => $"{count.Value} {count.Key}"))
            : "";
        return Begin(job) with
        {
            DependsOn = dependencies,
            Sentences = [.. WaitsFor(dependencies), $"It ends when its {job.Specification.ArraySize} children have ended: {children}."],
        };
    }

    private static JobExplanation OfWaiting(BatchState state, Job job)
    {
        var dependencies = DependenciesOf(state, job);
        return Begin(job) with { DependsOn = dependencies, Sentences = [.. WaitsFor(dependencies)] };
    }

    private static JobExplanation OfRunnable(BatchState state, Job job, DateTimeOffset now)
    {
        var ordering = state.OrderingOf(job.Specification.JobQueueArn)!;
        var line = LineOf(job);
        var position = QueuePosition.Of(job, ordering, now);
        var since = Time(ordering.PositionsOf(job).Since(job) ?? job.CreatedAt);
        var head = state.Agenda.Heads.GetValueOrDefault(job.Specification.LineArn);
        // The plan was made before its reasons were recorded.
        var first = head?.Job is { } planned ? state.Jobs.GetValueOrDefault(planned.Id) : null;
        var refusals = head is null ? [] : RefusalText.Of(state, head);
        return Begin(job) with
        {
            Position = position.Number,
            AtPositionSince = since,
            Ahead = position.Ahead.Count == 0 ? null : [.. position.Ahead.Select(Related)],
            Refusals = refusals.Count == 0 ? null : refusals,
            Environments = head is null || PlacementChecks.Of(state, head) is not { Count: > 0 } checks ? null : checks,
            Sentences =
            [
                position.Number switch
                {
                    1 => $"It is the next job of {line} to start, since {since}.",
                    { } number => $"It is at position {number} of {line}, since {since}.",
                    null => $"More than {QueuePosition.Farthest} jobs are ahead of it in {line}.",
                },
                .. OfHead(state, job, first),
                .. refusals.Select(refusal => refusal.Sentence),
                .. WhenItCouldChange(state, job, first, refusals.Count > 0),
                .. AttemptsOf(job),
            ],
        };
    }

    private static IEnumerable<string> OfHead(BatchState state, Job job, Job? head)
    {
        if (state.Of<JobQueue>()[job.Specification.JobQueueArn].Status == ResourceStatus.Deleting)
        {
            yield return "The queue is being deleted, and starts no jobs.";
        }
        else if (head is not null && head.Id != job.Id)
        {
            yield return $"Job {head.Specification.JobName} ({head.Id}) is to start before it and cannot be placed; "
                + $"no job of the {(job.Specification.QuotaShareName is null ? "queue" : "quota share")} overtakes it.";
        }
    }

    private static IEnumerable<string> WhenItCouldChange(BatchState state, Job job, Job? head, bool isRefused)
    {
        if (!isRefused)
        {
            yield break;
        }

        yield return (head ?? job).StatusReason is { } reason
            ? $"Waiting does not help, since no job that ends makes room for it. DescribeJobs shows: {reason}"
            : "It can change when a job ends, or when an environment, a policy or a consumable resource is updated.";
        if (head?.BlockedSince is { } since)
        {
            foreach (var action in state.Of<JobQueue>()[job.Specification.JobQueueArn].JobStateTimeLimitActions
                .Where(action => Scheduling.BlockedReason.IsNamedBy(head.StatusReason, action)))
            {
                yield return "The queue ends the job at its front "
                    + $"at {Time(since.AddSeconds(action.MaxTimeSeconds!.Value))} if it is still stuck.";
            }
        }
    }

    private static JobExplanation OfPlaced(BatchState state, Job job)
    {
        var current = job.Current!;
        var place = PlaceOf(state, current);
        var number = job.Attempts.Count + 1;
        return Begin(job) with
        {
            Sentences =
            [
                job.Status == JobStatus.Running
                    ? $"Attempt {number} runs {place} since {Time(current.StartedAt!.Value)}."
                    : $"Attempt {number} is placed {place} and has not begun: "
                        + "its image is fetched, or it waits for the machine that runs the jobs.",
                .. job.StopReason is { } reason ? [$"It is being stopped: {reason}"] : Array.Empty<string>(),
                .. job is { Service.Preemptions.UnderWay: { } preemption }
                    ? [$"It is being preempted: {preemption}."]
                    : Array.Empty<string>(),
                .. job is { Status: JobStatus.Running, Specification.Timeout.AttemptDurationSeconds: { } seconds }
                    ? [$"Its timeout ends the attempt at {Time(current.StartedAt!.Value.AddSeconds(seconds))}."]
                    : Array.Empty<string>(),
                .. AttemptsOf(job),
            ],
        };
    }

    private static string PlaceOf(BatchState state, CurrentAttempt current)
    {
        var environment = Arn.NameOf(current.ComputeEnvironmentArn);
        if (current.ContainerInstanceArn is not { } arn || state.Of<Instance>().GetValueOrDefault(arn) is not { } instance)
        {
            return $"in {environment}";
        }

        var end = instance.EndsAt is { } endsAt ? $", which is terminated at {Time(endsAt)} at the latest" : "";
        return $"on instance {instance.Name} ({instance.Type}, {instance.Purchase.Text()}) of {environment}{end}";
    }

    private static string LineOf(Job job)
    {
        var queue = $"queue {Arn.NameOf(job.Specification.JobQueueArn)}";
        return job.Specification.QuotaShareName is { } share ? $"quota share {share} of {queue}" : queue;
    }

    private static JobExplanation Begin(Job job) => new()
    {
        JobId = job.Id,
        JobName = job.Specification.JobName,
        JobQueue = Arn.NameOf(job.Specification.JobQueueArn),
        Status = job.Status.Wire(),
        StatusReason = job.StatusReason,
        Sentences = [],
    };

    /// <returns>The unfinished jobs that a job names, and that its array names.</returns>
    private static List<RelatedJob> DependenciesOf(BatchState state, Job job)
    {
        var named = job.Specification.DependsOn.Select(dependency => dependency.JobId);
        var before = job.IsArrayChild && job.Specification.IsSequential && job.Index > 0
            ? JobIds.Child(job.ParentId!, job.Index.Value - 1)
            : null;
        return
        [
            .. named.Append(before).OfType<string>().Distinct(StringComparer.Ordinal)
                .Select(id => state.Jobs.GetValueOrDefault(id)).OfType<Job>().Where(other => !other.Status.IsFinished())
                .Take(MaximumDependencies).Select(Related),
        ];
    }

    private static IEnumerable<string> WaitsFor(IReadOnlyList<RelatedJob> jobs) =>
        jobs.Select(job => $"It waits for job {job.JobName} ({job.JobId}), which is {job.Status}.");

    private static IEnumerable<string> AttemptsOf(Job job)
    {
        if (job.Attempts is [.., var last])
        {
            var maximum = Math.Max(job.Specification.RetryStrategy?.Attempts ?? 1, job.Attempts.Count);
            yield return Sentence(
                $"{job.Attempts.Count} of {maximum} attempts have ended, the last one at {Time(last.StoppedAt)}", last.StatusReason);
        }
    }

    private static RelatedJob Related(Job job) => new(job.Id, job.Specification.JobName, job.Status.Wire());

    private static string Sentence(string text, string? reason) =>
        string.IsNullOrEmpty(reason) ? $"{text}." : reason.EndsWith('.') ? $"{text}: {reason}" : $"{text}: {reason}.";

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Reply of the engine.</summary>
    /// <param name="Explanation">The explanation; null if no unfinished job has the id.</param>
    public sealed record Reply(JobExplanation? Explanation);
}
