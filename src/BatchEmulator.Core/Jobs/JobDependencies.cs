using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>Validates dependsOn and arrayProperties (User Guide, "Job dependencies" and "Array jobs").</summary>
internal static class JobDependencies
{
    private const int MaximumDependencies = 20;
    private const int MinimumArraySize = 2;
    private const int MaximumArraySize = 10_000;

    public static void Check(int? arraySize, IReadOnlyList<Wire.JobDependency>? dependencies)
    {
        Require(arraySize is null or (>= MinimumArraySize and <= MaximumArraySize), OpenTexts.ArraySize);
        Require((dependencies?.Count ?? 0) <= MaximumDependencies, "Job cannot have more than 20 dependencies");
        Require(
            (dependencies ?? []).All(d => d.Type != Wire.ArrayJobDependency.NToN || !string.IsNullOrEmpty(d.JobId)),
            OpenTexts.DependencyNeedsJobId);
    }

    /// <summary>
    /// Returns true if each child waits for the one before it. A SEQUENTIAL entry that names a job is an ordinary dependency on that job:
    /// services in production submit it like this.
    /// </summary>
    public static bool IsSequential(Wire.JobDependency dependency) =>
        dependency.Type == Wire.ArrayJobDependency.Sequential && string.IsNullOrEmpty(dependency.JobId);

    /// <summary>Returns true if a dependency pairs children by index. Unless both jobs are arrays, it is an ordinary dependency.</summary>
    /// <param name="dependency">Size of the submitted array; null for any other job.</param>
    /// <param name="arraySize">Size of the array that it depends on; null for any other job.</param>
    /// <param name="otherSize">Size of the array that it depends on; null for a job that is none.</param>
    /// <exception cref="ClientException">The arrays differ in size.</exception>
    public static bool IsPaired(Wire.JobDependency dependency, int? arraySize, int? otherSize)
    {
        if (dependency.Type != Wire.ArrayJobDependency.NToN || arraySize is null || otherSize is null)
        {
            return false;
        }

        RequireState(arraySize == otherSize, OpenTexts.UnequalPair(dependency.JobId!, otherSize));
        return true;
    }
}
