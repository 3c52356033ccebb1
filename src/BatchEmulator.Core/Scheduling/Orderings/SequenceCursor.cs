using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>Cursor over jobs whose order does not depend on what is placed.</summary>
internal sealed class SequenceCursor : OrderingCursor
{
    private readonly IEnumerator<Job> _jobs;
    private Job? _head;

    public SequenceCursor(IEnumerable<Job> jobs)
    {
        _jobs = jobs.GetEnumerator();
        Move();
    }

    public override Job? Head => _head;

    public override void Take(bool isPlaced) => Move();

    private void Move() => _head = _jobs.MoveNext() ? _jobs.Current : null;
}
