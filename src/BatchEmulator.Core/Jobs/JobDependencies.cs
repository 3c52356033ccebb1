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
        Require(arraySize is null or (>= MinimumArraySize and <= MaximumArraySize), OpenTexts.ArraySize);
        Require((dependencies?.Count ?? 0) <= MaximumDependencies, "Job cannot have more than 20 dependencies");
        foreach (var dependency in dependencies ?? [])
        {
            var hasId = !string.IsNullOrEmpty(dependency.JobId);
            if (dependency.Type == Wire.ArrayJobDependency.Sequential)
            {
                Require(arraySize is not null, OpenTexts.SequentialNeedsArray);
                Require(!hasId, OpenTexts.SequentialHasNoJobId);
            }
            else
            {
                Require(hasId, OpenTexts.DependencyNeedsJobId);
                Require(dependency.Type is null || arraySize is not null, OpenTexts.PairNeedsArray);
            }
        }
    }

    /// <summary>Checks an N_TO_N dependency against the job it names.</summary>
    public static void CheckPair(int arraySize, string otherId, int? otherSize) =>
        RequireState(arraySize == otherSize, OpenTexts.UnequalPair(otherId, otherSize));
}
