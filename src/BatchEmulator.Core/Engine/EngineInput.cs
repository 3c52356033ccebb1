using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Core.Engine;

/// <summary>An event for the next turn.</summary>
public abstract class EngineInput;

/// <summary>A caller's request for a change.</summary>
public abstract class Command : EngineInput
{
    /// <summary>Refusal of the command; null if it was carried out.</summary>
    public ClientException? Refusal { get; internal set; }

    /// <summary>Returns true if data that was read for the command has changed since, so that it must be read and decided again.</summary>
    public bool IsStale { get; internal set; }

    internal abstract void Apply(Turn turn);
}

/// <summary>Data that was read for a command is out of date; thrown before the command's first change.</summary>
public sealed class StaleReadException() : Exception("Data that the command was prepared with has changed since.");

/// <summary>A command with the response that it will have.</summary>
public sealed class Command<TReply>(Func<Turn, TReply> decide) : Command
    where TReply : class
{
    /// <summary>Set when the command was carried out.</summary>
    public TReply? Reply { get; private set; }

    internal override void Apply(Turn turn) => Reply = decide(turn);
}

/// <summary>Inputs that one turn processes together, so that their effect does not depend on the order of their arrival.</summary>
public sealed class InputBatch(IReadOnlyList<EngineInput> inputs) : EngineInput
{
    public IReadOnlyList<EngineInput> Inputs { get; } = inputs;
}

/// <summary>An executor reports that an attempt runs.</summary>
public sealed class AttemptStarted(AttemptKey key, string? privateAddress) : EngineInput
{
    public AttemptKey Key { get; } = key;

    public string? PrivateAddress { get; } = privateAddress;
}

/// <summary>An executor reports that an attempt has ended.</summary>
public sealed class AttemptEnded(AttemptKey key, AttemptEnd end) : EngineInput
{
    public AttemptKey Key { get; } = key;

    public AttemptEnd End { get; } = end;
}
