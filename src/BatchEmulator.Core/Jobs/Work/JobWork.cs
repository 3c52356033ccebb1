using BatchEmulator.Core.Attempts;
using BatchEmulator.Core.Resources;

namespace BatchEmulator.Core.Jobs.Work;

/// <summary>
/// Work of a job. Each kind of work has its own file, with its needs, the launch of its attempts, their outcome, and its part of the job's
/// details.
/// </summary>
public abstract record JobWork : IWork
{
    /// <summary>Amounts of concurrent containers.</summary>
    internal abstract ResourceAmounts Needs { get; }

    /// <summary>Amounts that have to fit on one instance each: those of the job, or of each node by index.</summary>
    internal virtual IReadOnlyList<InstanceNeeds> OnInstances => [new(Needs, [])];

    /// <summary>Log configuration of the container whose stream the attempt shows; null if it has none.</summary>
    internal virtual Wire.LogConfiguration? LogConfiguration => null;

    /// <summary>Names of the containers without which an attempt counts as started.</summary>
    internal virtual IReadOnlyCollection<string> OptionalContainers => [];

    /// <summary>Returns the containers of an attempt.</summary>
    /// <param name="job">The job, with a current attempt.</param>
    /// <param name="jobEnvironment">Environment variables that are added to those of every job.</param>
    internal abstract IReadOnlyList<ContainerLaunch> Launch(Job job, IReadOnlyList<KeyValuePair<string, string>> jobEnvironment);

    /// <summary>Returns a finished attempt.</summary>
    /// <param name="job">The job, with the attempt as its current one.</param>
    /// <param name="end">End of the attempt.</param>
    /// <param name="attempt">
    /// The attempt without its outcome; its status reason applies unless <paramref name="end"/> has a better one.
    /// </param>
    internal abstract Attempt Outcome(Job job, AttemptEnd end, Attempt attempt);

    /// <summary>Adds the kind's members to the details of a job.</summary>
    internal abstract Wire.JobDetail Describe(Job job, Wire.JobDetail detail);
}
