namespace BatchEmulator.Core.Jobs;

/// <summary>Numbers of an array's children by status.</summary>
/// <param name="Counts">One for each <see cref="JobStatus"/>, in its order.</param>
/// <param name="UpdatedAt">Time of the last change of the counts.</param>
public sealed record ArraySummary(IReadOnlyList<int> Counts, DateTimeOffset UpdatedAt)
{
    /// <summary>Returns the summary of an array that has just been submitted.</summary>
    public static ArraySummary Submitted(int size, DateTimeOffset now)
    {
        var counts = new int[Enum.GetValues<JobStatus>().Length];
        counts[(int)JobStatus.Submitted] = size;
        return new(counts, now);
    }

    /// <summary>Returns the counts by status, except the status of service jobs, which no child ever has.</summary>
    public Dictionary<string, int> ToWire()
    {
        var words = new Dictionary<string, int>(Counts.Count);
        for (var status = 0; status < Counts.Count; status++)
        {
            if (status != (int)JobStatus.Scheduled)
            {
                words[((JobStatus)status).Wire()] = Counts[status];
            }
        }

        return words;
    }
}
