using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Jobs;
using static BatchEmulator.Core.Rules;

namespace BatchEmulator.Core.Operations;

/// <summary>State of a submission's dependencies at the moment of submission.</summary>
internal sealed class SubmittedDependencies
{
    private readonly List<(string ArrayId, Func<int, JobStatus?> StatusOf)> _pairs = [];

    /// <summary>Returns true if a dependency on a whole job has failed already.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Returns true if the paired child of an array's child has failed already.</summary>
    public bool HasFailedPair(int index) => _pairs.Any(p => p.StatusOf(index) == JobStatus.Failed);

    /// <exception cref="ClientException">A dependency does not exist or does not fit.</exception>
    /// <exception cref="StaleReadException">A dependency has finished since it was read.</exception>
    public static SubmittedDependencies Check(Turn turn, Scope scope, JobSpecification specification, FinishedDependencies finished)
    {
        var dependencies = new SubmittedDependencies();
        foreach (var dependency in specification.DependsOn)
        {
            if (dependency.JobId is { Length: > 0 } id)
            {
                dependencies.Check(turn, scope, specification, dependency, Find(turn, scope, id, finished), finished);
            }
        }

        return dependencies;
    }

    private void Check(
        Turn turn, Scope scope, JobSpecification specification, Wire.JobDependency dependency, Job other, FinishedDependencies finished)
    {
        if (JobDependencies.IsPaired(dependency, specification.ArraySize, other.IsArrayParent ? other.Specification.ArraySize : null))
        {
            _pairs.Add((other.Id, turn.State.Dependencies.Arrays.TryGetValue(other.Id, out var progress)
                ? progress.StatusOf
                : index => finished.ChildStatus(other.Id, index)));
        }
        else
        {
            HasFailed |= other.Status == JobStatus.Failed;
        }
    }

    private static Job Find(Turn turn, Scope scope, string id, FinishedDependencies finished)
    {
        if (turn.State.Jobs.TryGetValue(id, out var unfinished)
            && unfinished.Scope == scope
            && unfinished is { IsNode: false, IsService: false })
        {
            return unfinished;
        }

        var known = finished.Find(id);
        RequireState(known is { IsNode: false, IsService: false }, OpenTexts.DependencyNotFound(id));
        return known!.Status.IsFinished() ? known : throw new StaleReadException();
    }
}
