namespace BatchEmulator.Core.Resources;

/// <summary>Instances of one type.</summary>
/// <param name="Type">E.g. <c>ml.m5.large</c>; empty when the request names none.</param>
/// <param name="Count">At least one.</param>
public sealed record InstanceCount(string Type, int Count)
{
    /// <summary>As what an instance counts where jobs are measured in vCPUs: for the machine, and between share identifiers.</summary>
    public const long MilliVcpus = 1000;

    public static long Total(IReadOnlyList<InstanceCount> instances) => instances.Sum(i => (long)i.Count);
}
