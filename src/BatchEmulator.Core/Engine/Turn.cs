using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine;

/// <summary>A turn of the engine in progress: its access to the state, and its only ways to change it.</summary>
public sealed class Turn(BatchState state, IIdSource ids, DateTimeOffset now)
{
    private readonly List<Change> _changes = [];
    private readonly List<Effect> _effects = [];
    private readonly Queue<FinishedJob> _finished = new();
    private readonly HashSet<string> _touchedArrays = new(StringComparer.Ordinal);

    /// <summary>Time of everything in this turn, in whole milliseconds as on the wire.</summary>
    public DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds());

    public BatchState State { get; } = state;

    /// <summary>Time at which a change of a resource that is made now is complete.</summary>
    public DateTimeOffset SettlesAt => Now + State.Options.ResourceDelay;

    public IIdSource Ids { get; } = ids;

    public IReadOnlyList<Change> Changes => _changes;

    public IReadOnlyList<Effect> Effects => _effects;

    /// <summary>Records a fact; the state shows it at once.</summary>
    public void Record(Change change)
    {
        State.Apply(change);
        _changes.Add(change);
    }

    /// <summary>Records a transition of a job.</summary>
    public void Record(Job job)
    {
        var before = State.Jobs.GetValueOrDefault(job.Id);
        var changesPlace = before is not null && before.Status.IsPlaced() != job.Status.IsPlaced();
        if (changesPlace && State.OrderingOf(job.Specification.JobQueueArn)?.NoteBeforeChange(job, Now) is { } note)
        {
            Record(new OrderingNoteSaved(note));
        }

        if (ChangesFront(before, job))
        {
            State.OrderingOf(job.Specification.JobQueueArn)?.PositionsOf(job).Move(job, Now);
        }

        ConsumableHoldings.Follow(this, before, job);
        if (job.Status.IsFinished())
        {
            var paired = job.IsArrayChild ? State.Dependencies.ArraysPairedWith(job.ParentId!) : [];
            _finished.Enqueue(new FinishedJob(job, State.Dependencies.DependentsOf(job.Id), paired));
        }

        Record(new JobSaved(job, before?.Status) { Preemption = PreemptionOf(before, job) });
        if (job.IsArrayChild)
        {
            _touchedArrays.Add(job.ParentId!);
        }
    }

    /// <summary>Takes each job that has finished in this turn once.</summary>
    internal bool TryTakeFinished(out FinishedJob finished) => _finished.TryDequeue(out finished);

    /// <summary>Arrays with a child that has changed in this turn.</summary>
    internal IReadOnlyCollection<string> TouchedArrays => _touchedArrays;

    private static PreemptionStep? PreemptionOf(Job? before, Job job) => (before?.IsBeingPreempted == true, job.IsBeingPreempted) switch
    {
        (false, true) => PreemptionStep.Started,
        (true, false) => PreemptionStep.Completed,
        _ => null,
    };

    /// <summary>Returns true if a job comes into the order of its queue, leaves it, or gets another position.</summary>
    private static bool ChangesFront(Job? before, Job job) =>
        !job.IsNode
        && ((before?.Status == JobStatus.Runnable) != (job.Status == JobStatus.Runnable)
            || (job.Status == JobStatus.Runnable && before!.SchedulingPriority != job.SchedulingPriority));

    /// <summary>Requests an effect after the commit of the turn.</summary>
    public void Request(Effect effect) => _effects.Add(effect);
}
