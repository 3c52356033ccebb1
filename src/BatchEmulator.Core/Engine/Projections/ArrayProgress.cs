using BatchEmulator.Core.Jobs;

namespace BatchEmulator.Core.Engine.Projections;

/// <summary>States of all children of an unfinished array, including the finished children, which have left the memory.</summary>
internal sealed class ArrayProgress(int size)
{
    private readonly JobStatus?[] _statuses = new JobStatus?[size];
    private readonly int[] _counts = new int[Enum.GetValues<JobStatus>().Length];

    public int Size => size;

    public JobStatus? StatusOf(int index) => _statuses[index];

    public void Set(int index, JobStatus status)
    {
        if (_statuses[index] is { } before)
        {
            _counts[(int)before]--;
        }

        _statuses[index] = status;
        _counts[(int)status]++;
    }

    public bool IsFinished => _counts[(int)JobStatus.Succeeded] + _counts[(int)JobStatus.Failed] == size;

    public bool HasFailures => _counts[(int)JobStatus.Failed] > 0;

    public ArraySummary Summary(DateTimeOffset now) => new([.. _counts], now);
}
