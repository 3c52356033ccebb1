using BatchEmulator.Core.Instances;
using BatchEmulator.Core.Jobs;
using BatchEmulator.Core.Jobs.Work;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Scheduling.Fleets;

/// <summary>Instance types of an environment that can hold a job, or a node of a job.</summary>
/// <param name="Amounts">Amounts that the job or node needs.</param>
/// <param name="Types">The types.</param>
internal sealed record Candidates(ResourceAmounts Amounts, IReadOnlySet<InstanceType> Types)
{
    /// <summary>Returns the candidates for a job, or for each of its nodes by index.</summary>
    /// <returns>Null if no type can hold the job, or one of its nodes.</returns>
    public static IReadOnlyList<Candidates>? Of(Job job, IReadOnlyList<InstanceType> allowed)
    {
        var known = new Dictionary<InstanceNeeds, Candidates>(ReferenceEqualityComparer.Instance);
        var needs = job.Work.OnInstances;
        var candidates = new List<Candidates>(needs.Count);
        foreach (var need in needs)
        {
            if (!known.TryGetValue(need, out var found))
            {
                known[need] = found = new(
                    need.Amounts, allowed.Where(need.FitOn).ToHashSet<InstanceType>(ReferenceEqualityComparer.Instance));
            }

            if (found.Types.Count == 0)
            {
                return null;
            }

            candidates.Add(found);
        }

        return candidates;
    }
}
