namespace BatchEmulator.Core.Jobs;

/// <summary>Places of the parts of a job (children of an array, nodes) in the total order: behind the job, by index.</summary>
public static class PartSequence
{
    /// <summary>Returns the place of a part.</summary>
    /// <param name="parent">Place of the whole.</param>
    /// <param name="index">Index of the part.</param>
    public static long Of(long parent, int index) => parent + 1 + index;

    /// <summary>Returns the place of the whole of which a job is a part; null if it is no part.</summary>
    public static long? ParentOf(Job job) => job.Index is { } index ? job.Sequence - 1 - index : null;

    /// <summary>Returns the index of the part at a place.</summary>
    /// <param name="parent">Place of the whole.</param>
    /// <param name="sequence">Place of the part.</param>
    public static int IndexOf(long parent, long sequence) => (int)(sequence - parent - 1);

    /// <summary>Returns the last place that a job takes with all its parts.</summary>
    public static long Last(Job job) => Last(job.Sequence, job.Specification.Parts);

    /// <summary>Returns the last place that a job takes with all its parts.</summary>
    /// <param name="sequence">Place of the job.</param>
    /// <param name="parts">Number of its parts.</param>
    public static long Last(long sequence, int parts) => sequence + parts;
}
