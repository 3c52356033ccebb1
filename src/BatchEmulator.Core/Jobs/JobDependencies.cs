using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Jobs;

/// <summary>What SubmitJob refuses of dependsOn and arrayProperties (User Guide, "Job dependencies" and "Array jobs").</summary>
public static class JobDependencies
{
    private const int MaximumDependencies = 20;
    private const int MinimumArraySize = 2;
    private const int MaximumArraySize = 10_000;

    public static void Check(int? arraySize, IReadOnlyList<Wire.JobDependency>? dependencies)
    {
        Require(arraySize is null or (>= MinimumArraySize and <= MaximumArraySize), "Array size must be between 2 and 10000.");
        Require((dependencies?.Count ?? 0) <= MaximumDependencies, "Job cannot have more than 20 dependencies");
        foreach (var dependency in dependencies ?? [])
        {
            var hasId = !string.IsNullOrEmpty(dependency.JobId);
            if (dependency.Type == Wire.ArrayJobDependency.Sequential)
            {
                Require(arraySize is not null, "SEQUENTIAL dependencies can only be used with array jobs.");
                Require(!hasId, "SEQUENTIAL dependencies cannot have a jobId.");
            }
            else
            {
                Require(hasId, "A dependency must have a jobId.");
                Require(dependency.Type is null || arraySize is not null, "N_TO_N dependencies can only be used with array jobs.");
            }
        }
    }

    /// <summary>Checks an N_TO_N dependency against the job it names.</summary>
    public static void CheckPair(int arraySize, string otherId, int? otherSize) => RequireState(
        arraySize == otherSize,
        $"N_TO_N dependencies need array jobs of the same size: job {otherId} has {(otherSize is null ? "no array" : $"size {otherSize}")}.");
}
