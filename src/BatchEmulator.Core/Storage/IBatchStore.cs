using BatchEmulator.Core.Engine;

namespace BatchEmulator.Core.Storage;

/// <summary>Store of changes. Used by the engine's thread only.</summary>
public interface IBatchStore : IDisposable
{
    /// <summary>Names the store for good: what an executor leaves on the machine carries it.</summary>
    string InstanceId { get; }

    /// <summary>Everything that is not finished, as the changes that recreate it.</summary>
    StoredState Load();

    /// <summary>Makes the changes of one turn durable, all or none. When it returns, they survive the end of the process.</summary>
    /// <exception cref="Exception">They could not be kept: the caller must stop.</exception>
    void Commit(IReadOnlyList<Change> changes);
}

/// <summary>Content of a store at the start.</summary>
/// <param name="Changes">In an order in which they can be applied.</param>
/// <param name="LastSequence">The highest place taken in the total order, by anything finished or not.</param>
public sealed record StoredState(IReadOnlyList<Change> Changes, long LastSequence);
