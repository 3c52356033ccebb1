namespace BatchEmulator.Core.Storage;

/// <summary>
/// A store cannot be read or written at the moment, for example because its disk is full or another process holds a lock. Nothing was
/// changed, and a later attempt may succeed.
/// </summary>
public sealed class StorageException(string message, Exception? cause = null) : Exception(message, cause);
