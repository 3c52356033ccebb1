using BatchEmulator.Core.JobQueues;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Resources;
using BatchEmulator.Core.Scheduling.Orderings;
using BatchEmulator.Core.ServiceEnvironments;

namespace BatchEmulator.Core.Scheduling;

/// <summary>
/// Finds places for the jobs of a queue with quota shares (User Guide, "Quota management", "Quota shares" and "Preemption"):
/// <list type="number">
/// <item>The scheduler goes round the shares, the one that uses least of its limits first; each places its first job within its limits.
/// A first job that cannot be placed blocks its share, and no other.</item>
/// <item>If others have borrowed what such a job needs, some of theirs are preempted, and the capacity that they give up is kept for
/// it.</item>
/// <item>What is idle then goes to first jobs of shares that borrow: to those for which jobs were preempted already, then first come,
/// first served.</item>
/// <item>A first job that still waits preempts jobs of lower priority in its share, if that is configured so.</item>
/// </list>
/// The steps are repeated as long as they place or preempt jobs, so that another pass over the result would find nothing to do.
/// </summary>
internal sealed class QuotaPass
{
    private readonly JobQueue _queue;
    private readonly DateTimeOffset _now;
    private readonly List<Decision> _decisions;
    private readonly ServiceEnvironment? _environment;
    private readonly List<Lane> _lanes;

    /// <summary>Jobs that are being stopped, and those that the pass preempts.</summary>
    private readonly List<(QuotaLine Line, Job Job)> _ending;

    /// <summary>Jobs that have preempted others.</summary>
    private readonly HashSet<Job> _preempting = [];

    /// <summary>Capacity as it is, with the jobs that the pass has placed.</summary>
    private readonly QuotaCapacity? _present;

    /// <summary>Capacity without the jobs that end, less what waiting jobs will get of it.</summary>
    private QuotaCapacity? _soon;

    /// <param name="queue">The queue.</param>
    /// <param name="ordering">Its shares and their jobs.</param>
    /// <param name="snapshot">The state.</param>
    /// <param name="decisions">Decisions of the pass so far, to which those of the queue are added.</param>
    public QuotaPass(JobQueue queue, QuotaManagement ordering, SchedulingSnapshot snapshot, List<Decision> decisions)
    {
        (_queue, _now, _decisions) = (queue, snapshot.Now, decisions);
        var lines = ordering.Lines;
        _environment = queue.Status == ResourceStatus.Deleting ? null : snapshot.Environments.ServiceOf(queue);
        _lanes = [.. lines.Select(line => new Lane(line))];
        _ending = [.. lines.SelectMany(line => line.Placed.Where(Victims.IsEnding).Select(job => (line, job)))];
        _present = _environment is null ? null : new QuotaCapacity(lines, _environment);
    }

    private bool IsFull => _decisions.Count >= SchedulingPass.MaximumDecisions;

    /// <summary>Adds the decisions and, if there are no more to come, the heads of all shares.</summary>
    /// <returns>False if the plan is full.</returns>
    public bool Run(List<QueueHead> heads)
    {
        for (var count = -1; _environment is not null && count < _decisions.Count && !IsFull;)
        {
            count = _decisions.Count;
            PlaceOwn();
            _soon = _present!.Copy();
            _ending.ForEach(ending => _soon.Release(ending.Line, ending.Job));
            _lanes.ForEach(AwaitOwn);
            foreach (var lane in PreemptingLanes().Where(lane => HasPreempted(lane.Head)))
            {
                AwaitInShare(lane, mayPreempt: false);
            }

            Lend();
            foreach (var lane in PreemptingLanes())
            {
                AwaitInShare(lane, mayPreempt: true);
            }
        }

        if (IsFull)
        {
            return false;
        }

        heads.AddRange(_lanes.Select(HeadOf));
        return true;
    }

    private IEnumerable<Lane> PreemptingLanes() => _lanes.Where(lane => lane.Line.Share?.PreemptsInShare == true);

    private bool HasPreempted(Job? job) => job?.Service!.HasPreempted == true || (job is not null && _preempting.Contains(job));

    private bool MayStart(Job job) => !(job.Service!.NotBefore > _now);

    /// <summary>Places jobs within the limits of their shares, one of each share in each round.</summary>
    private void PlaceOwn()
    {
        _lanes.ForEach(lane => lane.Begin());
        for (var count = -1; count < _decisions.Count && !IsFull;)
        {
            count = _decisions.Count;
            foreach (var lane in _lanes.OrderBy(lane => _present!.UseOf(lane.Line)).ToList())
            {
                if (lane.Head is { } job && MayStart(job) && _present!.HasOwn(lane.Line, job))
                {
                    Place(lane, job);
                }
            }
        }
    }

    /// <summary>
    /// Keeps for the first jobs of a share, as long as they are within its limits, what jobs are about to give up; preempts jobs that have
    /// borrowed what they need.
    /// </summary>
    private void AwaitOwn(Lane lane)
    {
        while (lane.Head is { } job && !IsFull)
        {
            if (!MayStart(job))
            {
                lane.Refuse(Refusal.ServiceLacksCapacity);
                return;
            }

            if (!_soon!.IsWithinLimits(lane.Line, job))
            {
                lane.Refuse(Refusal.QuotaShareFull);
                return;
            }

            var victims = _soon.HasOwn(lane.Line, job) || job.Specification.DispatchFailure is not null
                ? []
                : Victims.ToReclaim(_soon, Others(), lane.Line, job);
            Preempt(job, victims, StatusReasons.CrossSharePreemption);
            if (!_soon.HasOwn(lane.Line, job))
            {
                lane.Refuse(Refusal.NoRoom);
                return;
            }

            Await(lane, job);
        }
    }

    /// <summary>
    /// Does the same for the first jobs of a share, whether it borrows for them or not, with what jobs of lower priority in the share give
    /// up.
    /// </summary>
    private void AwaitInShare(Lane lane, bool mayPreempt)
    {
        while (lane.Head is { Specification.DispatchFailure: null } job && MayStart(job) && !IsFull)
        {
            if (!lane.HasWaiting && _present!.HasOwnOrIdle(lane.Line, job) && _soon!.HasOwnOrIdle(lane.Line, job))
            {
                Place(lane, job);
                _soon.Take(lane.Line, job);
                continue;
            }

            if (mayPreempt && !_soon!.HasOwnOrIdle(lane.Line, job))
            {
                Preempt(job, Victims.InShare(_soon, Others(), lane.Line, job), OpenTexts.InSharePreemption);
            }

            if (!_soon!.HasOwnOrIdle(lane.Line, job))
            {
                return;
            }

            Await(lane, job);
        }
    }

    /// <summary>Places the first jobs of borrowing shares with what is idle and nobody waits for, as long as there is any.</summary>
    private void Lend()
    {
        var idle = _soon!.Copy();
        foreach (var lane in _lanes.Where(lane => lane.Refusal == Refusal.NoRoom && CanEverHold(lane.Head!)))
        {
            idle.Reserve(lane.Head!);
        }

        while (!IsFull && _lanes
            .Where(lane => lane is { Refusal: Refusal.QuotaShareFull, HasWaiting: false, Head: not null } && MayStart(lane.Head))
            .OrderByDescending(lane => HasPreempted(lane.Head)).ThenBy(lane => lane.Head!.Sequence)
            .FirstOrDefault(lane => HasIdle(idle, lane)) is { } lane)
        {
            var job = lane.Head!;
            Place(lane, job);
            if (job.Specification.DispatchFailure is null)
            {
                idle.Take(lane.Line, job);
                _soon.Take(lane.Line, job);
            }
        }
    }

    private bool HasIdle(QuotaCapacity idle, Lane lane) =>
        _present!.HasOwnOrIdle(lane.Line, lane.Head!) && idle.HasOwnOrIdle(lane.Line, lane.Head!);

    private void Place(Lane lane, Job job)
    {
        if (job.Specification.DispatchFailure is { } failure)
        {
            _decisions.Add(new Reject(job, failure));
        }
        else
        {
            _decisions.Add(new Place(job, _environment!.Arn, Instances: []));
            _present!.Take(lane.Line, job);
        }

        lane.Place();
    }

    private void Preempt(Job job, IReadOnlyList<(QuotaLine Line, Job Job)> victims, string reason)
    {
        foreach (var victim in victims)
        {
            _decisions.Add(new Preempt(victim.Job, reason, job));
            _soon!.Release(victim.Line, victim.Job);
            _ending.Add(victim);
            _preempting.Add(job);
        }
    }

    /// <summary>Keeps for a job what others are about to give up.</summary>
    private void Await(Lane lane, Job job)
    {
        _soon!.Take(lane.Line, job);
        lane.Await();
    }

    /// <summary>Returns all shares with the placed jobs that do not end anyway.</summary>
    private IEnumerable<(QuotaLine Line, Job Job)> Others() => _lanes.SelectMany(lane => lane.Line.Placed.Select(job => (lane.Line, job)))
        .Except(_ending);

    private QueueHead HeadOf(Lane lane)
    {
        var head = lane.FirstWaiting;
        var (ofJob, ofEnvironment) = head is null ? (null, null) : RefusalsOf(lane, head);
        return new QueueHead(
            _queue,
            head,
            ofJob is null ? [] : [ofJob.Value],
            ofEnvironment is null ? [] : [new EnvironmentRefusal(_queue.ServiceEnvironmentOrder![0].ServiceEnvironment!, ofEnvironment.Value)])
        {
            QuotaShareArn = Identity.Arn.QuotaShare(_queue.Arn, lane.Line.Name),
        };
    }

    private (Refusal? OfJob, Refusal? OfEnvironment) RefusalsOf(Lane lane, Job head) =>
        _queue.Status == ResourceStatus.Deleting ? (null, null)
        : _environment is null ? (null, Refusal.TakesNoJobs)
        : lane.HasWaiting ? (Refusal.AwaitsCapacity, null)
        : !CanEverHold(head) ? (null, Refusal.ExceedsMaximum)
        : !CanEverHold(lane.Line, head) ? (Refusal.ExceedsQuotaShare, null)
        : lane.Refusal == Refusal.NoRoom ? (null, Refusal.NoRoom)
        : (lane.Refusal, null);

    private bool CanEverHold(Job job) => _environment!.HasRoom(job.Specification.Service!.Instances, _ => 0);

    /// <summary>Returns true if a share could hold a job with all that others lend.</summary>
    private bool CanEverHold(QuotaLine line, Job job) => line.Share is { } share && job.Specification.Service!.Instances.All(wanted =>
    {
        var lent = _lanes.Where(other => other.Line != line && other.Line.Share?.Lends == true)
            .Sum(other => other.Line.Share!.LimitOf(wanted.Type));
        return wanted.Count <= share.LimitOf(wanted.Type) + Math.Min(share.BorrowLimitOf(wanted.Type), lent);
    });

    /// <summary>A share during the pass.</summary>
    private sealed class Lane(QuotaLine line)
    {
        private IEnumerator<Job> _jobs = Enumerable.Empty<Job>().GetEnumerator();
        private Job? _awaiting;
        private int _placed;

        public QuotaLine Line { get; } = line;

        /// <summary>The first job about which nothing is decided yet.</summary>
        public Job? Head { get; private set; } = line.Waiting.Min;

        /// <summary>Reason for which the head has no place within the limits; null if it was not asked for.</summary>
        public Refusal? Refusal { get; private set; }

        /// <summary>True if a job of the share waits for capacity that it will get: none behind it is placed before.</summary>
        public bool HasWaiting => _awaiting is not null;

        /// <summary>The first job that is not placed.</summary>
        public Job? FirstWaiting => _awaiting ?? Head;

        /// <summary>Goes back to the first job that is not placed.</summary>
        public void Begin()
        {
            (_jobs, _awaiting) = (Line.Waiting.Skip(_placed).GetEnumerator(), null);
            MoveOn();
        }

        public void Refuse(Refusal refusal) => Refusal = refusal;

        public void Await()
        {
            _awaiting ??= Head;
            MoveOn();
        }

        public void Place()
        {
            _placed++;
            MoveOn();
        }

        private void MoveOn()
        {
            Head = _jobs.MoveNext() ? _jobs.Current : null;
            Refusal = Head is null ? null : Scheduling.Refusal.QuotaShareFull;
        }
    }
}
