namespace BatchEmulator.Core.Resources;

/// <summary>Instances of one type.</summary>
/// <param name="Type">Instance type, e.g. <c>ml.m5.large</c>; empty if the request names none.</param>
/// <param name="Count">At least one.</param>
public sealed record InstanceCount(string Type, int Count)
{
    /// <summary>vCPUs that an instance counts as: for the machine, and between share identifiers.</summary>
    public const long MilliVcpus = 1000;

    public static long Total(IReadOnlyList<InstanceCount> instances) => instances.Sum(i => (long)i.Count);
}
