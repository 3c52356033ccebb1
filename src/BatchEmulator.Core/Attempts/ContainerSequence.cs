namespace BatchEmulator.Core.Attempts;

/// <summary>
/// Order in which the containers of one attempt start, and the condition for the attempt's end (User Guide, "Multi-container jobs"). It
/// belongs to the control flow of the attempt: no member may be called concurrently.
/// </summary>
public sealed class ContainerSequence(AttemptLaunch launch)
{
    private readonly IReadOnlyList<ContainerLaunch> _order = Order(launch);
    private readonly Dictionary<string, Task<ContainerEnd>> _ends = new(StringComparer.Ordinal);

    /// <summary>Containers that were started and have not ended.</summary>
    public IEnumerable<ContainerLaunch> Running =>
        _order.Where(container => _ends.TryGetValue(container.Name, out var end) && !end.IsCompleted);

    /// <summary>Returns true if the attempt has to end by itself: an essential container has ended, or one can never start.</summary>
    public bool IsDue => launch.Containers.Any(container => _ends.TryGetValue(container.Name, out var end)
        ? container.Essential && end.IsCompleted
        : container.DependsOn.Any(CanNeverHold));

    /// <summary>Returns every container once, after those it depends on; essential ones as early as that allows.</summary>
    public static IReadOnlyList<ContainerLaunch> Order(AttemptLaunch launch)
    {
        if (launch.Containers.Count == 1)
        {
            return launch.Containers;
        }

        var order = new List<ContainerLaunch>(launch.Containers.Count);
        var left = launch.Containers.OrderByDescending(container => container.Essential).ToList();
        while (left.Find(container => container.DependsOn.All(
            dependency => left.TrueForAll(other => other.Name != dependency.Container))) is { } next)
        {
            order.Add(next);
            left.Remove(next);
        }

        // The API refuses a cycle; its containers would never start.
        return order;
    }

    /// <summary>Returns true if the attempt counts as started with these: its essential containers, or all if none is essential.</summary>
    public static bool IsStarted(AttemptLaunch launch, IReadOnlySet<string> started) =>
        launch.Containers.All(
            container => started.Contains(container.Name) || (!container.Essential && launch.Containers.Any(other => other.Essential)));

    /// <summary>Returns true if a container must end before others start, e.g. one that prepares something for them.</summary>
    public static bool EndsBeforeOthers(AttemptLaunch launch, ContainerLaunch container) => launch.Containers.Any(other =>
        other.DependsOn.Any(dependency => dependency.Container == container.Name && dependency.Condition != ContainerCondition.Start));

    /// <summary>
    /// Returns true if the containers that have run match a point of the sequence: those that wait for no end of others have all been
    /// started, and none ran before its turn.
    /// </summary>
    public static bool IsUnderWay(AttemptLaunch launch, IReadOnlySet<string> haveRun) =>
        new ContainerSequence(launch).Ready().TrueForAll(container => haveRun.Contains(container.Name))
        && launch.Containers.Where(container => haveRun.Contains(container.Name))
            .All(container => container.DependsOn.All(dependency => haveRun.Contains(dependency.Container)));

    /// <param name="container">A container that runs, or has run.</param>
    /// <param name="end">Completes with its end, once all its output was reported.</param>
    public void Add(ContainerLaunch container, Task<ContainerEnd> end) => _ends.Add(container.Name, end);

    /// <summary>
    /// Starts containers in their turns, and completes when the attempt has to end: a stop was requested, an essential container has ended,
    /// all have, or one can never start. The caller stops those that still run.
    /// </summary>
    /// <param name="start">
    /// Starts containers one after the other, and adds each started one. Returns false if not all could be, because the attempt is over: an
    /// essential container has ended, or a stop was requested.
    /// </param>
    /// <param name="stopRequested">Completes when a stop is requested.</param>
    public async Task RunAsync(Func<IReadOnlyList<ContainerLaunch>, Task<bool>> start, Task stopRequested)
    {
        var goesOn = true;
        while (!stopRequested.IsCompleted)
        {
            // Read before any decision: an end that comes meanwhile is among the awaited ones.
            var running = _ends.Values.Where(end => !end.IsCompleted).ToList();
            if (IsDue)
            {
                return;
            }

            var ready = goesOn ? Ready() : [];
            if (ready.Count > 0)
            {
                goesOn = await start(ready);
                continue;
            }

            if (running.Count == 0)
            {
                return;
            }

            await Task.WhenAny([stopRequested, .. running]);
        }
    }

    /// <returns>The ends of all containers, in the launch's order; those that never ran have no exit code.</returns>
    public async Task<IReadOnlyList<ContainerEnd>> EndsAsync()
    {
        await Task.WhenAll(_ends.Values);
        var ends = new List<ContainerEnd>(launch.Containers.Count);
        foreach (var container in launch.Containers)
        {
            ends.Add(_ends.TryGetValue(container.Name, out var end) ? await end : new ContainerEnd(container.Name, ExitCode: null));
        }

        return ends;
    }

    /// <summary>
    /// Returns the containers that may start now. Those that only wait for another's start are in one batch with it: it starts before them.
    /// </summary>
    private List<ContainerLaunch> Ready()
    {
        var ready = new List<ContainerLaunch>();
        foreach (var container in _order.Where(container => !_ends.ContainsKey(container.Name)))
        {
            if (container.DependsOn.All(dependency => dependency.Condition == ContainerCondition.Start
                ? _ends.ContainsKey(dependency.Container) || ready.Exists(other => other.Name == dependency.Container)
                : EndOf(dependency) is { IsCompletedSuccessfully: true }))
            {
                ready.Add(container);
            }
        }

        return ready;
    }

    /// <summary>
    /// Returns true if a dependency can never hold; also if the end of the other container is unknown, which ends everything.
    /// </summary>
    private bool CanNeverHold(ContainerDependency dependency) => dependency.Condition != ContainerCondition.Start
        && EndOf(dependency) is { IsCompleted: true } end
        && (!end.IsCompletedSuccessfully || (dependency.Condition == ContainerCondition.Success && end.Result.ExitCode != 0));

    private Task<ContainerEnd>? EndOf(ContainerDependency dependency) => _ends.GetValueOrDefault(dependency.Container);
}
