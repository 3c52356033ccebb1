using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Core.Engine;

/// <summary>An action outside the engine, after the turn's changes are committed. Idempotent by its key.</summary>
public abstract record Effect;

public sealed record StartAttempt(AttemptLaunch Launch) : Effect;

public sealed record StopAttempt(AttemptKey Key) : Effect;

/// <summary>Logs a warning about a job for which the API has no member.</summary>
public sealed record LogJobWarning(string JobArn, string Text) : Effect;
