namespace BatchEmulator.Core.Attempts;

/// <summary>End of an attempt as the executor saw it. The engine puts it into AWS's words.</summary>
public abstract record AttemptEnd;

/// <summary>The containers ran and ended, by themselves or because they were stopped.</summary>
public sealed record AttemptExited(IReadOnlyList<ContainerEnd> Containers) : AttemptEnd;

/// <summary>A container could not be started.</summary>
/// <param name="Reason">Reason in ECS's form: <c>CannotPullContainerError: Error response from daemon: ...</c>.</param>
/// <param name="ExitCode">Exit code; known for some failures of the entry point (126, 127, 128).</param>
/// <param name="Containers">End of each container, including the one with the reason; null if it is the first.</param>
public sealed record AttemptNotStarted(string Reason, int? ExitCode = null, IReadOnlyList<ContainerEnd>? Containers = null) : AttemptEnd;

/// <summary>The host of the attempt is gone, and its end is unknown.</summary>
public sealed record AttemptHostLost : AttemptEnd;

/// <summary>End of one container.</summary>
/// <param name="Name">Name, as in its <see cref="ContainerLaunch"/>.</param>
/// <param name="ExitCode">Exit code; 128 + signal if a signal killed it.</param>
/// <param name="Reason">Reason, e.g. <c>OutOfMemoryError: Container killed due to memory usage</c>; null for an ordinary exit.</param>
public sealed record ContainerEnd(string Name, int? ExitCode, string? Reason = null);
