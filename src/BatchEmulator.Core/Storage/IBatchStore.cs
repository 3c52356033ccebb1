using BatchEmulator.Core.Engine;

namespace BatchEmulator.Core.Storage;

/// <summary>Store of changes. Used by the engine's thread only.</summary>
public interface IBatchStore : IDisposable
{
    /// <summary>Permanent name of the store; objects that an executor leaves on the machine carry it.</summary>
    string InstanceId { get; }

    /// <summary>Loads everything unfinished, as the changes that recreate it.</summary>
    StoredState Load();

    /// <summary>Stores the changes of one turn atomically. When it returns, they survive the end of the process.</summary>
    /// <exception cref="Exception">The changes could not be stored: the caller must stop.</exception>
    void Commit(IReadOnlyList<Change> changes);
}

/// <summary>Content of a store at the start.</summary>
/// <param name="Changes">Changes, in an order in which they can be applied.</param>
/// <param name="LastSequence">Highest place in the total order of all objects, finished or not.</param>
public sealed record StoredState(IReadOnlyList<Change> Changes, long LastSequence);
