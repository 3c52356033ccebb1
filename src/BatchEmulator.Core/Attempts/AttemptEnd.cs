namespace BatchEmulator.Core.Attempts;

/// <summary>End of an attempt as the executor saw it. The engine puts it into AWS's words.</summary>
public abstract record AttemptEnd;

/// <summary>The containers ran and ended, by themselves or because they were stopped.</summary>
public sealed record AttemptExited(IReadOnlyList<ContainerEnd> Containers) : AttemptEnd;

/// <summary>A container could not be started.</summary>
/// <param name="Reason">In ECS's form: <c>CannotPullContainerError: Error response from daemon: ...</c>.</param>
/// <param name="ExitCode">Known for some failures of the entry point (126, 127, 128).</param>
/// <param name="Containers">How each container ended, the one with the reason among them; null when it is the first.</param>
public sealed record AttemptNotStarted(string Reason, int? ExitCode = null, IReadOnlyList<ContainerEnd>? Containers = null) : AttemptEnd;

/// <summary>The host of the attempt is gone, and its end is unknown.</summary>
public sealed record AttemptHostLost : AttemptEnd;

/// <summary>End of one container.</summary>
/// <param name="Name">As in its <see cref="ContainerLaunch"/>.</param>
/// <param name="ExitCode">128 + signal when it was killed by one.</param>
/// <param name="Reason">E.g. <c>OutOfMemoryError: Container killed due to memory usage</c>; null for an ordinary exit.</param>
public sealed record ContainerEnd(string Name, int? ExitCode, string? Reason = null);
