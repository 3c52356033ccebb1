using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Core.Engine;

/// <summary>Something that happened, to be taken in by the next turn.</summary>
public abstract class EngineInput;

/// <summary>A caller's request for a change.</summary>
public abstract class Command : EngineInput
{
    /// <summary>Refusal of the command; null if it was carried out.</summary>
    public ClientException? Refusal { get; internal set; }

    /// <summary>
    /// Returns true if something that was read for the command has changed since, so that it must be read and decided again.
    /// </summary>
    public bool IsStale { get; internal set; }

    internal abstract void Apply(Turn turn);
}

/// <summary>Data that was read for a command is out of date; thrown before the command's first change.</summary>
public sealed class StaleReadException() : Exception("What the command was prepared with has changed since.");

/// <summary>A command together with the answer it will have.</summary>
public sealed class Command<TReply>(Func<Turn, TReply> decide) : Command
    where TReply : class
{
    /// <summary>Set when the command was carried out.</summary>
    public TReply? Reply { get; private set; }

    internal override void Apply(Turn turn) => Reply = decide(turn);
}

/// <summary>
/// Inputs that one turn takes in together, so that their effect does not depend on the order in which they happened to arrive.
/// </summary>
public sealed class InputBatch(IReadOnlyList<EngineInput> inputs) : EngineInput
{
    public IReadOnlyList<EngineInput> Inputs { get; } = inputs;
}

/// <summary>An executor says that an attempt runs.</summary>
public sealed class AttemptStarted(AttemptKey key, string? privateAddress) : EngineInput
{
    public AttemptKey Key { get; } = key;

    public string? PrivateAddress { get; } = privateAddress;
}

/// <summary>An executor says that an attempt has ended.</summary>
public sealed class AttemptEnded(AttemptKey key, AttemptEnd end) : EngineInput
{
    public AttemptKey Key { get; } = key;

    public AttemptEnd End { get; } = end;
}
