using System.Collections.Concurrent;
using BatchEmulator.Core.Attempts;

namespace BatchEmulator.Hosting.Engine;

/// <summary>Launches of pending attempts, for events that only carry a key.</summary>
internal sealed class AttemptDirectory
{
    private readonly ConcurrentDictionary<AttemptKey, Entry> _entries = new();

    public void Add(AttemptLaunch launch) => _entries[launch.Key] = new Entry(launch);

    public AttemptLaunch? Find(AttemptKey key) => _entries.TryGetValue(key, out var entry) ? entry.Launch : null;

    public void NoteOutput(AttemptKey key)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            entry.HasOutput = true;
        }
    }

    /// <summary>Forgets an attempt.</summary>
    /// <returns>True if it had any output.</returns>
    public bool Remove(AttemptKey key) => _entries.TryRemove(key, out var entry) && entry.HasOutput;

    private sealed class Entry(AttemptLaunch launch)
    {
        public AttemptLaunch Launch { get; } = launch;

        public volatile bool HasOutput;
    }
}
