namespace BatchEmulator.Core.Jobs.Work;

/// <summary>Kinds of work, one row each.</summary>
internal static class WorkKinds
{
    private static readonly Func<JobSpecification, JobWork?>[] Rows =
    [
        specification => specification.Container is { } container ? new ContainerWork(container) : null,
        specification => specification.Task is { } task ? new TaskWork(task) : null,
        specification => specification.Pod is { } pod ? new PodWork(pod) : null,
        specification => specification.Nodes is { } nodes ? new NodesWork(nodes) : null,
        specification => specification.Service is { } service ? new TrainingWork(service) : null,
    ];

    /// <summary>Returns the work of a job, which belongs to exactly one row.</summary>
    public static JobWork Of(JobSpecification specification) => Rows.Select(row => row(specification)).OfType<JobWork>().First();

    /// <summary>Returns the work of the nodes of a range.</summary>
    public static JobWork Of(Wire.NodeRangeProperty range) =>
        range.Container is { } container ? new ContainerWork(container)
        : range.EcsProperties?.TaskProperties?[0] is { } task ? new TaskWork(task)
        : new PodWork(range.EksProperties!.PodProperties!);
}
